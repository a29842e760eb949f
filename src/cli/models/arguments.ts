import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EaselError } from '../../core/errors';
import { DEVICE_LIST, DEVICE_NAMES, FALLBACK_DEVICE, type DeviceName } from '../../core/devices';

export const MODELS_USAGE = `easel models: the models of this machine, and getting others.

  easel models [list] [PATH...]         the starter, the shared Hugging Face cache, and what lies at PATH
  easel models catalogue                models that people name, the best for this machine first
  easel models download ID...           fetch org/name or org/name@revision into the shared cache; the same
                                        command goes on after an interruption
  easel models verify [ID...]           compare every byte with its checksum (default: all)
  easel models remove ID...             delete a model, or one revision of it (org/name@revision)
  easel models clean                    delete interrupted downloads and files that no model needs

Options
  --json         one JSON array (list, catalogue), else JSON lines
  --device NAME  catalogue: for drawing on ${DEVICE_LIST}; default ${FALLBACK_DEVICE}
  --complete     download: also what only Python uses, such as the safety checker
  --repair       verify: delete what is damaged and fetch it again
  --yes          remove, clean: do not ask

Read from the environment: HF_HUB_CACHE, HF_HOME, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE, HTTPS_PROXY.
`;

interface Common {
  readonly verb: 'models';
  readonly json: boolean;
}
export type ModelsCommand =
  | (Common & { readonly action: 'list'; readonly paths: readonly string[] })
  | (Common & { readonly action: 'help' })
  | (Common & { readonly action: 'catalogue'; readonly device: DeviceName })
  | (Common & {
      readonly action: 'download';
      readonly ids: readonly string[];
      readonly complete: boolean;
    })
  | (Common & {
      readonly action: 'verify';
      readonly ids: readonly string[];
      readonly repair: boolean;
    })
  | (Common & { readonly action: 'remove'; readonly ids: readonly string[]; readonly yes: boolean })
  | (Common & { readonly action: 'clean'; readonly yes: boolean });

const ACTIONS = ['list', 'catalogue', 'download', 'verify', 'remove', 'clean'] as const;
type Action = (typeof ACTIONS)[number];
const FLAGS: Readonly<Record<Action, readonly string[]>> = {
  list: [],
  catalogue: ['device'],
  download: ['complete'],
  verify: ['repair'],
  remove: ['yes'],
  clean: ['yes'],
};

/**
 * Reads what follows `easel models`.
 * @throws EaselError `bad-request` naming the argument
 */
export function parseModelsCommand(args: readonly string[]): ModelsCommand {
  const { values, positionals } = parse(args);
  const json = values.json === true;
  const [word = 'list', ...rest] = positionals;
  if (values.help === true) return { verb: 'models', action: 'help', json };
  const action = ACTIONS.find((known) => known === word);
  if (!action) {
    throw new EaselError(
      'bad-request',
      `There is no command "models ${word}". There are: ${ACTIONS.join(', ')}.`,
    );
  }
  for (const flag of ['complete', 'repair', 'yes', 'device']) {
    if (values[flag] !== undefined && !FLAGS[action].includes(flag)) {
      throw new EaselError('bad-request', `--${flag} has no meaning for "models ${action}".`);
    }
  }
  const common = { verb: 'models', json } as const;
  switch (action) {
    case 'list':
      return { ...common, action, paths: rest };
    case 'catalogue':
      refuseMore(action, rest);
      return { ...common, action, device: deviceOf(values.device) };
    case 'download':
      return {
        ...common,
        action,
        ids: atLeastOne(action, rest),
        complete: values.complete === true,
      };
    case 'verify':
      return { ...common, action, ids: rest, repair: values.repair === true };
    case 'remove':
      return { ...common, action, ids: atLeastOne(action, rest), yes: values.yes === true };
    case 'clean':
      refuseMore(action, rest);
      return { ...common, action, yes: values.yes === true };
  }
}

function deviceOf(value: string | boolean | undefined): DeviceName {
  const device = DEVICE_NAMES.find((name) => name === (value ?? FALLBACK_DEVICE));
  if (device) return device;
  throw new EaselError(
    'bad-request',
    `--device must be ${DEVICE_NAMES.join(', ')}, not "${String(value)}".`,
  );
}

const OPTIONS = {
  device: { type: 'string' },
  json: { type: 'boolean' },
  complete: { type: 'boolean' },
  repair: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

function parse(args: readonly string[]): {
  values: Readonly<Record<string, string | boolean | undefined>>;
  positionals: string[];
} {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (thrown) {
    const message = (thrown as Error).message.split('\n')[0] ?? 'bad arguments';
    throw new EaselError('bad-request', message);
  }
}

function atLeastOne(action: string, ids: readonly string[]): readonly string[] {
  if (ids.length > 0) return ids;
  throw new EaselError('bad-request', `Say which: easel models ${action} org/name`);
}

function refuseMore(action: string, rest: readonly string[]): void {
  if (rest.length === 0) return;
  throw new EaselError('bad-request', `"models ${action}" takes nothing more: ${rest.join(' ')}`);
}
