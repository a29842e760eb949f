import path from 'node:path';
import { EaselError } from '../../core/errors';
import { parseLoad, type EngineLoad } from '../../core/engine-load';
import { DEVICE_CHOICES, type DeviceChoice } from '../../core/devices';
import { parseOptions } from '../parse-options';
import { expandHome, outputFolder } from '../paths';

export interface McpCommand {
  readonly verb: 'mcp';
  /** Where images are saved; absent: the folder the client works in. */
  readonly output?: string;
  /** For calls that name no model: an id, or the absolute path of a folder or file. */
  readonly model: string;
  readonly device: DeviceChoice;
  readonly load: EngineLoad;
  /** Milliseconds without a call after which the models leave the memory. */
  readonly idleMs: number;
}

const IDLE_MINUTES = 5;

/** @throws EaselError `bad-request` */
export function parseMcpCommand(args: readonly string[]): McpCommand {
  const text = { type: 'string' } as const;
  const { values } = parseOptions(
    args,
    {
      ...{ output: text, model: text, device: text, 'idle-minutes': text },
      ...{ threads: text, priority: text },
    },
    false,
  );
  const { output, model, device = 'auto', 'idle-minutes': idle = String(IDLE_MINUTES) } = values;
  const known = DEVICE_CHOICES.find((choice) => choice === String(device).toLowerCase());
  if (!known) {
    throw new EaselError('bad-request', `--device must be ${DEVICE_CHOICES.join(', ')}.`);
  }
  const minutes = Number(idle);
  if (!(minutes > 0 && minutes <= MAX_IDLE_MINUTES)) {
    throw new EaselError(
      'bad-request',
      `--idle-minutes must be a number above 0, up to ${MAX_IDLE_MINUTES}.`,
    );
  }
  return {
    verb: 'mcp',
    model: typeof model === 'string' && model !== '' ? chosenModel(model) : 'starter',
    device: known,
    load: parseLoad(values),
    idleMs: minutes * 60_000,
    ...(typeof output === 'string' && { output: outputFolder(output) }),
  };
}

/** A timer cannot run longer than 24 days. */
const MAX_IDLE_MINUTES = 7 * 24 * 60;

/**
 * A path only where it looks like one: `org/name` names a model of the cache, also where the working folder, which
 * may be anyone's project, has a folder of that name.
 */
function chosenModel(model: string): string {
  const isPath = /^[./\\~]|^[a-z]:|\\|\.(safetensors|ckpt)$/i.test(model);
  return isPath ? path.resolve(expandHome(model)) : model;
}
