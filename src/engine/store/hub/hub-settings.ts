import path from 'node:path';
import { firstSet, hubHome, readText } from '../hub-cache';

type Environment = NodeJS.ProcessEnv;

/** Settings of the hub connection, from the variables that Hugging Face's own tools read (constants.py). */
export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** The network must not be used. */
  readonly offline: boolean;
  /** Milliseconds without an answer, or without data, after which a request is given up. */
  readonly timeoutMs: number;
}

const HUB = 'https://huggingface.co';
const DEFAULT_TIMEOUT_SECONDS = 10;
const MAX_TIMEOUT_SECONDS = 3600;

/** Reads HF_ENDPOINT, HF_HUB_OFFLINE, HF_HUB_DOWNLOAD_TIMEOUT and the token; a given token takes precedence. */
export async function readHubSettings(
  env: Environment = process.env,
  token?: string,
): Promise<HubSettings> {
  const seconds = Number(env.HF_HUB_DOWNLOAD_TIMEOUT);
  return {
    endpoint: (firstSet(env.HF_ENDPOINT) ?? HUB).replace(/(?<!\/)\/+$/, ''),
    token: firstSet(token) ?? (await findToken(env)),
    offline: isTrue(env.HF_HUB_OFFLINE) || isTrue(env.TRANSFORMERS_OFFLINE),
    timeoutMs:
      (seconds > 0 ? Math.min(seconds, MAX_TIMEOUT_SECONDS) : DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}

/** HF_TOKEN, else the file that `hf auth login` writes (HF_TOKEN_PATH, or `token` in HF_HOME). */
async function findToken(env: Environment): Promise<string | undefined> {
  if (isTrue(env.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return undefined;
  const named = firstSet(env.HF_TOKEN, env.HUGGING_FACE_HUB_TOKEN);
  const file = firstSet(env.HF_TOKEN_PATH) ?? path.join(hubHome(env), 'token');
  const token = (named ?? (await readText(file)))?.replace(/[\r\n]/g, '').trim();
  return firstSet(token);
}

/** Reads a boolean variable as huggingface_hub does (constants.py, _is_true). */
export function isTrue(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes(value?.toUpperCase() ?? '');
}
