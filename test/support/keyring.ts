import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tempFolder } from './temp-folder';

/** The programs of a Linux desktop that keep secrets. */
const PROGRAMS = ['dbus-run-session', 'gnome-keyring-daemon'];

/** Whether a keyring can be opened on this system. */
export function hasKeyring(): boolean {
  return PROGRAMS.every((name) => !spawnSync(name, ['--version']).error);
}

export interface TestKeyring {
  /** Variables for programs that use it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Opens GNOME's keyring, unlocked and empty, on a bus of its own. */
export async function openKeyring(): Promise<TestKeyring> {
  const home = tempFolder();
  const unlock = 'printf password | gnome-keyring-daemon --unlock --components=secrets > /dev/null';
  // Its end is that of `cat`, when this process closes its input or ends.
  const session = spawn(
    'dbus-run-session',
    ['--', 'sh', '-c', `${unlock} && echo "$DBUS_SESSION_BUS_ADDRESS" && exec cat`],
    {
      env: { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home },
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const [line] = (await once(session.stdout.setEncoding('utf8'), 'data')) as [string];
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: line.trim() },
    close: async () => {
      const closed = once(session, 'close');
      session.stdin.end();
      await closed;
    },
  };
}
