import type { Engine, Store } from '../../client/engine';
import { deviceLabel, type DeviceName } from '../../core/devices';
import { toEaselError } from '../../core/errors';
import { describeBytes } from '../../core/quantities';
import { oneLine } from '../../core/shown-text';
import type { SupportPlan } from '../../protocol/store';
import { confirm } from '../confirm';
import { DownloadOutput } from '../download-output';
import { printDevices } from '../lists';
import { printJson, stderr, stdout } from '../streams';
import type { DevicesCommand } from './arguments';

/**
 * Runs a command of `easel devices`.
 * @throws EaselError with any code of the engine or the store; `cancelled`
 */
export async function devices(
  { engine, store }: { readonly engine: Engine; readonly store: Store },
  command: DevicesCommand,
  signal: AbortSignal,
): Promise<void> {
  switch (command.action) {
    case 'list':
      printDevices(await engine.call('devices', null, { signal }), command.json);
      return;
    case 'install':
      await install(store, command, signal);
      return;
    case 'remove':
      await remove(store, command);
  }
}

interface Options {
  readonly device: DeviceName;
  readonly yes: boolean;
  readonly json: boolean;
}

async function install(
  store: Store,
  { device, yes, json }: Options,
  signal: AbortSignal,
): Promise<void> {
  const plan = await store.call('supportPlan', { device });
  const label = deviceLabel(device);
  // Before hundreds of megabytes are fetched that may be of no use yet.
  for (const { detail, advice } of plan.lacks) {
    stderr.write(
      `Note: ${label} does not work yet: ${oneLine(detail)}. To do: ${oneLine(advice)}\n`,
    );
  }
  if (!plan.isInstalled && !yes) await confirm(describeInstallation(plan));
  const output = new DownloadOutput(json);
  try {
    const onEvent = output.event.bind(output);
    const summary = await store.call('installSupport', { device }, { signal, onEvent });
    output.end();
    if (json) {
      printJson({ event: 'installed', ...summary });
      return;
    }
    const how = plan.isInstalled ? 'was installed before' : 'is installed';
    stdout.write(`${label} support ${how}, in ${oneLine(summary.path)}.\n`);
    if (summary.lacks.length === 0) stdout.write('  To try it: easel devices\n');
  } catch (thrown) {
    output.end();
    if (toEaselError(thrown).code === 'cancelled') {
      stderr.write('Paused. The same command continues the download.\n');
    }
    throw thrown;
  }
}

function describeInstallation(plan: SupportPlan): string {
  const { device, source, totalBytes, presentBytes, installedBytes, path } = plan;
  const download = describeBytes(totalBytes - presentBytes);
  return (
    `Download ${deviceLabel(device)} support from ${source} (${download}) and install it in ` +
    `${oneLine(path)} (${describeBytes(installedBytes)})?`
  );
}

async function remove(store: Store, { device, yes, json }: Options): Promise<void> {
  const label = deviceLabel(device);
  if (!yes) await confirm(`Remove what was installed for ${label}?`);
  const removed = await store.call('removeSupport', { device });
  if (json) printJson({ event: 'removed', device, ...removed });
  else {
    stdout.write(
      removed.files === 0
        ? `Nothing is installed for ${label}.\n`
        : `${label} support was removed. This freed ${describeBytes(removed.bytes)}.\n`,
    );
  }
}
