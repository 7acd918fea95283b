// How long to wait before trying again.

export const delay = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Grows with each attempt, up to 30 s, with jitter so that a crowd does not come back as one. */
export const backoff = (attempt) => Math.min(30_000, 1_000 * 2 ** attempt) * (0.5 + Math.random());
