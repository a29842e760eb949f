import { DEVICE_LIST, DEVICE_NAMES, type DeviceName } from '../../core/devices';
import { EaselError } from '../../core/errors';
import { nearest } from '../nearest';
import { parseOptions } from '../parse-options';

interface Common {
  readonly verb: 'devices';
  readonly json: boolean;
}
export type DevicesCommand =
  | (Common & { readonly action: 'list' })
  | (Common & {
      readonly action: 'install' | 'remove';
      readonly device: DeviceName;
      readonly yes: boolean;
    });

const ACTIONS = ['list', 'install', 'remove'] as const;

/**
 * Reads the arguments of `easel devices`.
 * @throws EaselError `bad-request` naming the argument
 */
export function parseDevicesCommand(args: readonly string[]): DevicesCommand {
  const { values, positionals } = parseOptions(args, OPTIONS, true);
  const common = { verb: 'devices', json: values.json === true } as const;
  const [word = 'list', name, ...rest] = positionals;
  const action = ACTIONS.find((known) => known === word);
  if (!action) {
    const meant = nearest(word, ACTIONS);
    const hint = meant === undefined ? '' : `Did you mean "devices ${meant}"? `;
    throw bad(
      `There is no command "devices ${word}". ${hint}The commands are ${ACTIONS.join(', ')}.`,
    );
  }
  const extra = action === 'list' ? [name ?? [], rest].flat() : rest;
  if (extra.length > 0)
    throw bad(`"devices ${action}" takes no more arguments: ${extra.join(' ')}`);
  if (action === 'list') {
    if (values.yes !== undefined) throw bad('"devices list" has no option --yes.');
    return { ...common, action };
  }
  if (name === undefined) throw bad(`Name a device: easel devices ${action} cuda`);
  const device = DEVICE_NAMES.find((known) => known === name.toLowerCase());
  if (!device) throw bad(`There is no device "${name}". It is one of ${DEVICE_LIST}.`);
  return { ...common, action, device, yes: values.yes === true };
}

const OPTIONS = {
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
} as const;

function bad(message: string): EaselError {
  return new EaselError('bad-request', message);
}
