/** Time that is running out. */
export interface Countdown {
  /** Begins it anew. */
  restart(): void;
  stop(): void;
}

const TICKS = 10;
const MAX_TICK_MS = 500;

/**
 * Calls `onEnd` once, when so much time has passed in which this process ran: it counts ticks, so that neither
 * a clock that is set nor a suspended process (Ctrl-Z, a laptop that sleeps) makes the time run out.
 */
export function startCountdown(durationMs: number, onEnd: () => void): Countdown {
  const tickMs = Math.min(MAX_TICK_MS, durationMs / TICKS);
  // One more, since the first may be under way already.
  const ticks = Math.ceil(durationMs / tickMs) + 1;
  let left = ticks;
  const timer = setInterval(() => {
    if (--left > 0) return;
    clearInterval(timer);
    onEnd();
  }, tickMs);
  return {
    restart: () => {
      left = ticks;
    },
    stop: () => clearInterval(timer),
  };
}
