import type { AsyncEntry } from '@napi-rs/keyring';
import { hostOf, type Endpoint } from '../../core/endpoints/endpoint';
import { EaselError } from '../../core/errors';
import { oneLine } from '../../core/shown-text';
import { keyVariable } from './key-variable';

/** The name of Easel's keys in the system's keyring, where people see it. */
const SERVICE = 'Easel';

/** Milliseconds for the system, which may ask its user for the keyring's password first. */
const ANSWER_MS = 120_000;

type Owner = Pick<Endpoint, 'name' | 'url'>;

/**
 * The key of an endpoint in the system's keyring: the Keychain of macOS, the Credential Manager of Windows, the
 * Secret Service of Linux (GNOME Keyring, KWallet). It belongs to the endpoint's name and host: an endpoint of the
 * same name at another host does not get it.
 * @returns undefined where there is none
 * @throws EaselError `keyring-failed` where there is no keyring, or it stays locked
 */
export function readKey(endpoint: Owner): Promise<string | undefined> {
  return use(endpoint, async (entry, signal) => (await entry.getPassword(signal)) ?? undefined);
}

/** Keeps a key, in place of an earlier one. @throws EaselError `keyring-failed` */
export function keepKey(endpoint: Owner, key: string): Promise<void> {
  return use(endpoint, (entry, signal) => entry.setPassword(key, signal));
}

/** Forgets a key; one that is not there is no error. @throws EaselError `keyring-failed` */
export async function forgetKey(endpoint: Owner): Promise<void> {
  await use(endpoint, (entry, signal) => entry.deletePassword(signal));
}

async function use<T>(
  endpoint: Owner,
  act: (entry: AsyncEntry, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    // Its library is loaded by the few commands that need it.
    const { AsyncEntry } = await import('@napi-rs/keyring');
    const account = `${endpoint.name} (${hostOf(endpoint)})`;
    // Without this, a system without a keyring keeps keys in the kernel, which forgets them.
    const entry = new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } });
    return await act(entry, AbortSignal.timeout(ANSWER_MS));
  } catch (thrown) {
    const reason = oneLine(thrown instanceof Error ? thrown.message : String(thrown), 200);
    throw new EaselError(
      'keyring-failed',
      `The keyring of this system cannot be used (${reason}). ` +
        `Set the key as the variable ${keyVariable(endpoint.name)} instead.`,
      { endpointName: endpoint.name },
      { cause: thrown },
    );
  }
}
