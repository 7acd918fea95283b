// Waiting for a condition, and never for a time but one that a server names.

const EVERY_MS = 10;

/** Resolves with the first truthy answer of `condition`, which may be a promise; rejects when the patience is over. */
export function until(condition, what, patienceMs = 20_000, everyMs = EVERY_MS) {
  const giveUpAt = Date.now() + patienceMs;
  return new Promise((resolve, reject) => {
    const look = async () => {
      let answer;
      try {
        answer = await condition();
      } catch (error) {
        return reject(error);
      }
      if (answer) return resolve(answer);
      if (Date.now() > giveUpAt) {
        return reject(new Error(`waited ${patienceMs} ms in vain for ${typeof what === 'function' ? what() : what}`));
      }
      return setTimeout(look, everyMs);
    };
    look();
  });
}

/**
 * Calls `attempt` as long as `againInMs(answer)` says when to come again, and the patience is not over. Answers the last
 * answer, whatever it is.
 */
export async function insist(attempt, againInMs, patienceMs) {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const answer = await attempt();
    const pauseMs = againInMs(answer);
    if (pauseMs === undefined || Date.now() >= giveUpAt) return answer;
    await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
  }
}

/** Runs `task` for each item, at most `width` at a time; answers in the order of the items. */
export async function inParallel(width, items, task) {
  const answers = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      answers[at] = await task(items[at], at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return answers;
}
