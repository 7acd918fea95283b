// The command line of a scenario: `--name value`, checked against what the scenario knows.

/**
 * `defaults` names every option; its type is its default's, and `undefined` marks one that must be given.
 * `url` is a list: `--url http://a,http://b`.
 */
export function readArgs(defaults, argv = process.argv.slice(2)) {
  const args = { deadline: 60, ...defaults };
  for (let at = 0; at < argv.length; at += 2) {
    const name = argv[at].replace(/^--/, '').replaceAll('-', '_');
    const value = argv[at + 1];
    if (!argv[at].startsWith('--') || !(name in args)) throw new Error(`${argv[at]} is not an option: there are ${Object.keys(args)}`);
    if (value === undefined) throw new Error(`${argv[at]} needs a value`);
    args[name] = typeof args[name] === 'number' ? wholeNumber(argv[at], value) : value;
  }
  const missing = Object.keys(args).filter((name) => args[name] === undefined);
  if (missing.length) throw new Error(`missing: ${missing.map((name) => `--${name}`).join(' ')}`);
  args.url = args.url.split(',').map((url) => url.replace(/\/$/, ''));
  return args;
}

function wholeNumber(option, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} takes a whole number above 0, not ${text}`);
  return number;
}
