import { EaselError } from '../../core/errors';
import { DEVICE_LIST, DEVICE_NAMES, FALLBACK_DEVICE, type DeviceName } from '../../core/devices';
import { nearest } from '../nearest';
import { parseOptions, type OptionSpecs, type ParsedOptions } from '../parse-options';
import { expandHome } from '../paths';

export const MODELS_USAGE = `easel models: manages the models on this machine.

  easel models [list] [PATH...]         list the starter model, the shared Hugging Face cache, and PATH
  easel models catalogue                list well-known models, the best for this machine first
  easel models download ID...           download org/name, org/name@revision or org/name/file into the cache;
                                        run it again to continue an interrupted download
  easel models verify [ID...]           compare all files with their checksums (default: all models)
  easel models remove ID...             delete a model, or one revision of it (org/name@revision),
                                        with the weights that were prepared of it for int8
  easel models clean                    delete interrupted downloads and files that no model needs

Options
  --json         one JSON array (list, catalogue), otherwise JSON lines
  --device NAME  catalogue: the device to draw on, ${DEVICE_LIST}; default ${FALLBACK_DEVICE}
  --complete     download: also what a model draws without, such as its safety checker
  --repair       verify: delete damaged files and download them again
  --prepared     remove: only the prepared weights of a model; its own files stay
  --yes          remove, clean: do not ask

Environment variables: HF_HUB_CACHE, HF_HOME, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE, HTTPS_PROXY, EASEL_CACHE.
`;

interface Common {
  readonly verb: 'models';
  readonly json: boolean;
}
export type ModelsCommand =
  | (Common & { readonly action: 'list'; readonly paths: readonly string[] })
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
  | (Common & {
      readonly action: 'remove';
      readonly ids: readonly string[];
      /** Only what was prepared of them. */
      readonly prepared: boolean;
      readonly yes: boolean;
    })
  | (Common & { readonly action: 'clean'; readonly yes: boolean });

const ACTIONS = ['list', 'catalogue', 'download', 'verify', 'remove', 'clean'] as const;
type Action = (typeof ACTIONS)[number];
const FLAGS: Readonly<Record<Action, readonly string[]>> = {
  list: [],
  catalogue: ['device'],
  download: ['complete'],
  verify: ['repair'],
  remove: ['prepared', 'yes'],
  clean: ['yes'],
};

/**
 * Reads the arguments of `easel models`.
 * @throws EaselError `bad-request` naming the argument
 */
export function parseModelsCommand(args: readonly string[]): ModelsCommand {
  const { values, positionals } = parseOptions(args, OPTIONS, true);
  const json = values.json === true;
  const [word = 'list', ...rest] = positionals;
  const action = ACTIONS.find((known) => known === word);
  if (!action) {
    const meant = nearest(word, ACTIONS);
    const hint = meant === undefined ? '' : `Did you mean "models ${meant}"? `;
    throw new EaselError(
      'bad-request',
      `There is no command "models ${word}". ${hint}The commands are ${ACTIONS.join(', ')}.`,
    );
  }
  for (const flag of ['complete', 'repair', 'prepared', 'yes', 'device']) {
    if (values[flag] !== undefined && !FLAGS[action].includes(flag)) {
      throw new EaselError('bad-request', `"models ${action}" has no option --${flag}.`);
    }
  }
  const common = { verb: 'models', json } as const;
  switch (action) {
    case 'list':
      return { ...common, action, paths: rest.map(expandHome) };
    case 'catalogue':
      assertNoMore(action, rest);
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
      return {
        ...common,
        action,
        ids: atLeastOne(action, rest),
        prepared: values.prepared === true,
        yes: values.yes === true,
      };
    case 'clean':
      assertNoMore(action, rest);
      return { ...common, action, yes: values.yes === true };
  }
}

function deviceOf(value: ParsedOptions['values'][string]): DeviceName {
  const device = DEVICE_NAMES.find(
    (name) => name === String(value ?? FALLBACK_DEVICE).toLowerCase(),
  );
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
  prepared: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
} as const satisfies OptionSpecs;

function atLeastOne(action: string, ids: readonly string[]): readonly string[] {
  if (ids.length > 0) return ids;
  throw new EaselError('bad-request', `Name a model: easel models ${action} org/name`);
}

function assertNoMore(action: string, rest: readonly string[]): void {
  if (rest.length === 0) return;
  throw new EaselError(
    'bad-request',
    `"models ${action}" takes no more arguments: ${rest.join(' ')}`,
  );
}
