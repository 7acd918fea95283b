// How a scenario ends: one JSON line on stdout, exit code 0 or 1, always before its deadline.

import { readArgs } from './args.mjs';
import { contract, signContract } from './contract.mjs';

/**
 * Runs `story(args)`; what it returns is reported with `ok: true`, what it throws with `ok: false`.
 * Meanwhile all that servers answer is held against their documents, see `contract.mjs`.
 */
export async function scenario(defaults, story) {
  let timer;
  try {
    const args = readArgs(defaults);
    const tooLate = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done within ${args.deadline} s${step ? `, while ${step}` : ''}`)), args.deadline * 1000);
    });
    const told = signContract(args.url).then(() => story(args));
    const result = await Promise.race([told, tooLate]);
    const { breaches, checked } = contract();
    check(!breaches.length, () => breaches[0]);
    end({ ok: true, held: checked, ...result });
  } catch (error) {
    if (process.env.DEBUG) console.error(error);
    end({ ok: false, why: error.message, while: step });
  } finally {
    clearTimeout(timer);
  }
}

let step;

/** Says what is being done, so that a deadline that passes can name it. */
export function doing(what) {
  step = what;
}

function end(result) {
  // The callback: stdout may be a pipe, and exiting would cut it off.
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(result.ok ? 0 : 1));
}

/** An assertion whose sentence goes into `why`. */
export function check(holds, sentence) {
  if (!holds) throw new Error(typeof sentence === 'function' ? sentence() : sentence);
}

/** A value as a part of such a sentence. */
export function quote(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
