import { parseLoad, type EngineLoad } from '../../core/engine-load';
import { EaselError } from '../../core/errors';
import { DEFAULT_ADDRESS, DEFAULT_LIMITS, type ServeLimits } from '../../core/serve/limits';
import { parseOptions, type ParsedOptions } from '../parse-options';
import { readServingOptions, type ServingOptions } from '../serving-options';

/** The variable with the token. Other users of the machine can read arguments, and not the environment. */
const TOKEN_VARIABLE = 'EASEL_SERVE_TOKEN';

export const SERVE_USAGE = `easel serve: draws images for other programs, by OpenAI's images API and AUTOMATIC1111's API.

  easel serve [options]

  --host HOST             the address to serve on (default ${DEFAULT_ADDRESS.host}: this machine alone)
  --port N                the port (default ${DEFAULT_ADDRESS.port}; 0: any that is free)
  --token TEXT            what clients have to send; required for other addresses than this machine's own.
                          Better: the variable ${TOKEN_VARIABLE}, because other users can see arguments
  --allow-origin ORIGIN   web pages of this origin may call, such as https://example.com; may be given several times
  --model NAME            the model for requests that name none (default starter)
  --device NAME           as for easel generate (default auto)
  --safety-checker NAME   as for easel generate (default black)
  --max-size N            the longest side of an image in pixels (default ${DEFAULT_LIMITS.maxSize})
  --max-images N          images of one request (default ${DEFAULT_LIMITS.maxImages})
  --max-steps N           denoising steps (default ${DEFAULT_LIMITS.maxSteps})
  --max-queue N           requests that draw or wait; more are refused (default ${DEFAULT_LIMITS.maxQueue})
  --max-body N            MiB of one request (default ${DEFAULT_LIMITS.maxBodyBytes / 2 ** 20})
  --idle-minutes N        minutes without a request after which the models leave the memory (default 5)
  --log-prompts           write prompts into the log
  --end-with-input        end where standard input ends: with the program that started this one
  --threads N             as for easel generate (default auto)
  --priority NAME         as for easel generate (default normal)

Ctrl+C ends it. docs/SERVING.md describes the APIs.
`;

export interface ServeCommand extends ServingOptions {
  readonly verb: 'serve';
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly allowOrigins: readonly string[];
  readonly limits: ServeLimits;
  readonly logPrompts: boolean;
  /** Whether it ends where standard input does. */
  readonly endWithInput: boolean;
  readonly load: EngineLoad;
}

/**
 * @param env has the token where no argument names it
 * @throws EaselError `bad-request` naming the option
 */
export function parseServeCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): ServeCommand {
  const text = { type: 'string' } as const;
  const { values } = parseOptions(
    args,
    {
      ...{ host: text, port: text, token: text, model: text, device: text },
      ...{ 'max-size': text, 'max-images': text, 'max-steps': text, 'max-queue': text },
      ...{ 'max-body': text, 'idle-minutes': text, threads: text, priority: text },
      'safety-checker': text,
      'allow-origin': { type: 'string', multiple: true },
      'log-prompts': { type: 'boolean' },
      'end-with-input': { type: 'boolean' },
    },
    false,
  );
  const { host, token = env[TOKEN_VARIABLE] } = values;
  return {
    verb: 'serve',
    ...readServingOptions(values),
    host: typeof host === 'string' ? host : DEFAULT_ADDRESS.host,
    port: wholeNumber(values, 'port', DEFAULT_ADDRESS.port, { min: 0, max: 65535 }),
    // A variable that is empty is not set.
    ...(typeof token === 'string' && token !== '' && { token }),
    allowOrigins: readOrigins(values['allow-origin']),
    limits: {
      maxSize: wholeNumber(values, 'max-size', DEFAULT_LIMITS.maxSize, { min: 16, max: 16384 }),
      maxImages: wholeNumber(values, 'max-images', DEFAULT_LIMITS.maxImages, { min: 1, max: 100 }),
      maxSteps: wholeNumber(values, 'max-steps', DEFAULT_LIMITS.maxSteps, { min: 1, max: 1000 }),
      maxQueue: wholeNumber(values, 'max-queue', DEFAULT_LIMITS.maxQueue, { min: 1, max: 10_000 }),
      maxBodyBytes:
        wholeNumber(values, 'max-body', DEFAULT_LIMITS.maxBodyBytes / 2 ** 20, {
          min: 1,
          max: 1024,
        }) *
        2 ** 20,
    },
    logPrompts: values['log-prompts'] === true,
    endWithInput: values['end-with-input'] === true,
    load: parseLoad(values),
  };
}

function wholeNumber(
  values: ParsedOptions['values'],
  name: string,
  usual: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const typed = values[name];
  if (typeof typed !== 'string') return usual;
  const value = /^\s*\d+\s*$/.test(typed) ? Number(typed) : NaN;
  if (value >= min && value <= max) return value;
  throw new EaselError(
    'bad-request',
    `--${name} must be a whole number from ${min} to ${max}, not "${typed}".`,
  );
}

function readOrigins(typed: ParsedOptions['values'][string]): readonly string[] {
  return [typed ?? []].flat().map((origin) => {
    const text = String(origin);
    const isOrigin = URL.canParse(text) && new URL(text).origin === text;
    if (isOrigin) return text;
    throw new EaselError(
      'bad-request',
      `--allow-origin must be the origin of a web page, such as https://example.com, not "${text}".`,
    );
  });
}
