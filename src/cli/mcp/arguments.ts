import { parseLoad, type EngineLoad } from '../../core/engine-load';
import { parseOptions } from '../parse-options';
import { outputFolder } from '../paths';
import { readServingOptions, type ServingOptions } from '../serving-options';

export interface McpCommand extends ServingOptions {
  readonly verb: 'mcp';
  /** Where images are saved; absent: the folder the client works in. */
  readonly output?: string;
  readonly load: EngineLoad;
}

/** @throws EaselError `bad-request` */
export function parseMcpCommand(args: readonly string[]): McpCommand {
  const text = { type: 'string' } as const;
  const { values } = parseOptions(
    args,
    {
      ...{ output: text, model: text, device: text, 'idle-minutes': text },
      ...{ threads: text, priority: text, 'safety-checker': text },
    },
    false,
  );
  const { output } = values;
  return {
    verb: 'mcp',
    ...readServingOptions(values),
    load: parseLoad(values),
    ...(typeof output === 'string' && { output: outputFolder(output) }),
  };
}
