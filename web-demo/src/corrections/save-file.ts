/** Has the browser save a file as a download. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the file by then; kept until then, as some take it late.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
