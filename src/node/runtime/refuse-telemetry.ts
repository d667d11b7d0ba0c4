/**
 * Tells onnxruntime-node to report nothing: since 1.29 its official builds keep an identifier of the machine and send
 * Microsoft what is run, unless this variable is set before the library starts. Somebody who wants that sets it to 0.
 * Only what the main thread sets is the process's own, which native code sees; other threads have copies of it.
 */
export function refuseTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}
