import { EaselError } from '../../core/errors';
import { DEVICE_CHOICES, type DeviceChoice } from '../../core/devices';
import { parseOptions } from '../parse-options';

export interface McpCommand {
  readonly verb: 'mcp';
  /** Where images are saved; absent: the folder the client works in. */
  readonly output?: string;
  /** For calls that name no model. */
  readonly model: string;
  readonly device: DeviceChoice;
}

/** @throws EaselError `bad-request` */
export function parseMcpCommand(args: readonly string[]): McpCommand {
  const text = { type: 'string' } as const;
  const { values } = parseOptions(args, { output: text, model: text, device: text }, false);
  const { output, model, device = 'auto' } = values;
  const known = DEVICE_CHOICES.find((choice) => choice === device);
  if (!known) {
    throw new EaselError('bad-request', `--device must be ${DEVICE_CHOICES.join(', ')}.`);
  }
  return {
    verb: 'mcp',
    model: typeof model === 'string' && model !== '' ? model : 'starter',
    device: known,
    ...(typeof output === 'string' && { output }),
  };
}
