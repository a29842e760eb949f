import { PROTOCOLS, type ProtocolName } from '../../core/endpoints/endpoint';
import { EaselError } from '../../core/errors';
import { nearest } from '../nearest';
import { parseOptions, type OptionSpecs } from '../parse-options';
import { expandHome } from '../paths';

interface Common {
  readonly verb: 'endpoints';
  readonly json: boolean;
}
export type EndpointsCommand =
  | (Common & { readonly action: 'list' })
  | (Common & {
      readonly action: 'add';
      readonly name: string;
      readonly url: string;
      readonly protocol: ProtocolName | 'auto';
      readonly model?: string;
      readonly provider?: string;
      /** Files of JSON. */
      readonly template?: string;
      readonly graph?: string;
      /** Ask for its key, and keep it. */
      readonly key: boolean;
      readonly yes: boolean;
    })
  | (Common & {
      readonly action: 'test' | 'agree' | 'remove';
      readonly name: string;
      readonly yes: boolean;
    })
  | (Common & {
      readonly action: 'key';
      readonly name: string;
      /** Forget it, instead of asking for it. */
      readonly delete: boolean;
    });

const ACTIONS = ['list', 'add', 'key', 'test', 'agree', 'remove'] as const;
const CHOICES = ['auto', ...PROTOCOLS] as const;

export const ENDPOINTS_USAGE = `easel endpoints: servers elsewhere that draw for Easel.

  easel endpoints [list]           list them
  easel endpoints add NAME URL     add one; its protocol is found by asking the server
  easel endpoints key NAME         keep its key in the keyring of the system
  easel endpoints test NAME        ask it for its models and what it can do
  easel endpoints agree NAME       agree that prompts and images are sent to its host
  easel endpoints remove NAME      forget it

To draw there: easel generate "a red apple" --endpoint NAME, or --model MODEL@NAME.

Options
  --protocol NAME  add: ${CHOICES.join(', ')} (default: auto)
  --model NAME     add: the model to draw with where a request names none
  --provider NAME  add, huggingface: who computes (default: chosen there)
  --template FILE  add, template: JSON that says what to send, and where the image is in the answer
  --graph FILE     add, comfyui: your workflow, exported in the API format, with places such as {{prompt}}
  --key            add: ask for the key and keep it, as "endpoints key" does
  --delete         key: forget it
  --json           JSON on standard output
  --yes            add, agree: agree without being asked; remove: do not ask

A key is read from the environment: EASEL_KEY_NAME (the endpoint's name in capitals, - becomes _), else
OPENAI_API_KEY, HF_TOKEN or REPLICATE_API_TOKEN for these services; else from the keyring. "endpoints key" asks
for it on the terminal, or reads it from standard input. Easel never writes it to a file.
`;

/**
 * Reads the arguments of `easel endpoints`.
 * @throws EaselError `bad-request` naming the argument
 */
export function parseEndpointsCommand(args: readonly string[]): EndpointsCommand {
  const { values, positionals } = parseOptions(args, OPTIONS, true);
  const common = { verb: 'endpoints', json: values.json === true } as const;
  const [word = 'list', ...rest] = positionals;
  const action = ACTIONS.find((known) => known === word);
  if (!action) {
    const meant = nearest(word, ACTIONS);
    const hint = meant === undefined ? '' : `Did you mean "endpoints ${meant}"? `;
    throw bad(
      `There is no command "endpoints ${word}". ${hint}The commands are ${ACTIONS.join(', ')}.`,
    );
  }
  for (const [flag, actions] of FLAGS) {
    if (values[flag] !== undefined && !actions.includes(action)) {
      throw bad(`"endpoints ${action}" has no option --${flag}.`);
    }
  }
  const wanted = action === 'list' ? 0 : action === 'add' ? 2 : 1;
  if (rest.length > wanted) {
    throw bad(`"endpoints ${action}" takes no more arguments: ${rest.slice(wanted).join(' ')}`);
  }
  if (action === 'list') return { ...common, action };
  const [name, url] = rest;
  const yes = values.yes === true;
  if (action !== 'add') {
    if (name === undefined) throw bad(`Name an endpoint: easel endpoints ${action} NAME`);
    return action === 'key'
      ? { ...common, action, name, delete: values.delete === true }
      : { ...common, action, name, yes };
  }
  if (name === undefined || url === undefined) {
    throw bad('Give a name and an address: easel endpoints add desk http://192.168.0.7:7860');
  }
  const typed = typeof values.protocol === 'string' ? values.protocol.toLowerCase() : undefined;
  const given = typed ?? (values.template === undefined ? 'auto' : 'template');
  const protocol = CHOICES.find((known) => known === given);
  if (!protocol) throw bad(`--protocol: must be one of ${CHOICES.join(', ')}, not ${given}.`);
  const text = (option: (typeof ADD_OPTIONS)[number]) => {
    const value = values[option];
    return typeof value === 'string' ? { [option]: value } : {};
  };
  const file = (option: 'template' | 'graph') => {
    const value = values[option];
    return typeof value === 'string' ? { [option]: expandHome(value) } : {};
  };
  return {
    ...{ ...common, action, name, url, protocol, yes, key: values.key === true },
    ...{ ...text('model'), ...text('provider'), ...file('template'), ...file('graph') },
  };
}

const ADD_OPTIONS = ['protocol', 'model', 'provider', 'template', 'graph'] as const;

/** What fits which command; --json fits all. */
const FLAGS: readonly (readonly [string, readonly (typeof ACTIONS)[number][]])[] = [
  ...ADD_OPTIONS.map((option) => [option, ['add']] as const),
  ['key', ['add']],
  ['delete', ['key']],
  ['yes', ['add', 'agree', 'remove']],
];

const OPTIONS: OptionSpecs = {
  json: { type: 'boolean' },
  key: { type: 'boolean' },
  delete: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  ...Object.fromEntries(ADD_OPTIONS.map((name) => [name, { type: 'string' as const }])),
};

function bad(message: string): EaselError {
  return new EaselError('bad-request', message);
}
