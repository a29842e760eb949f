import * as vscode from 'vscode';
import { toEaselError, type EaselError, type ErrorCode } from '../core/errors';
import { openSettings } from './open-settings';
import { endpointFailure } from './endpoints/endpoint-words';
import { noticeText } from './safe-text';
import { Settings } from './settings';
import type { CommandId } from './command-ids';
import type { EndpointAction } from './endpoints/manage-endpoints';

interface Remedy {
  readonly title: string;
  run(): unknown;
}

/**
 * Shows an error with recovery actions. Cancellations are silent.
 * @param retry repeats what failed
 */
export function showFailure(
  thrown: unknown,
  log: vscode.LogOutputChannel,
  retry: () => unknown,
): void {
  const error = toEaselError(thrown);
  if (error.code === 'cancelled') return;
  log.error(`${error.code}: ${error.message}`);
  if (error.code === 'internal') log.error(error.cause instanceof Error ? error.cause : error);
  const remedies = remediesFor(error, retry);
  remedies.push({ title: vscode.l10n.t('Show Log'), run: () => log.show() });
  const titles = remedies.map(({ title }) => title);
  void vscode.window
    .showErrorMessage(noticeText(describeFailure(error)), ...titles)
    .then((title) => remedies.find((remedy) => remedy.title === title)?.run());
}

/** Does some work. A failure is shown, with a button that does it again. */
export async function tryOrShow(
  work: () => Promise<unknown>,
  log: vscode.LogOutputChannel,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    showFailure(thrown, log, () => tryOrShow(work, log));
  }
}

/** An error in the editor's language; the details stay in English. */
function describeFailure(error: EaselError): string {
  const own = endpointFailure(error) ?? editorMessage(error);
  if (own) return own;
  const headline = headlineOf(error.code);
  // Messages are English; in another language a translated headline comes first.
  if (vscode.l10n.bundle === undefined || headline === undefined) return error.message;
  return vscode.l10n.t('{0} Details: {1}', headline, error.message);
}

/** Errors whose messages name options of the command line; here buttons replace those. */
function editorMessage({ code, data }: EaselError): string | undefined {
  const { model, device, scheduler, precision } = data;
  if (code === 'model-not-found' && typeof model === 'string') {
    return vscode.l10n.t('The model {0} is not on this computer.', model);
  }
  if (code === 'device-failed' && typeof device === 'string') {
    return vscode.l10n.t('{0} failed while drawing. Choose another device.', device);
  }
  if (code === 'unsupported-precision' && typeof precision === 'string') {
    return vscode.l10n.t(
      'The precision {0} cannot be used here: the device, the processor or the model does not have it.',
      precision,
    );
  }
  if (code === 'not-finite' && typeof model === 'string') {
    return vscode.l10n.t(
      '{0} gave values that are not numbers, so there is no image. Verify its files in the Models view, or choose another model.',
      model,
    );
  }
  if (code === 'unsupported-scheduler' && typeof model === 'string') {
    return typeof scheduler === 'string'
      ? vscode.l10n.t(
          '{0} uses the scheduler {1}, which Easel does not have. Choose another one in the setting easel.scheduler, such as euler.',
          model,
          scheduler,
        )
      : vscode.l10n.t(
          '{0} does not name its scheduler. Choose one in the setting easel.scheduler, such as euler.',
          model,
        );
  }
  return undefined;
}

function remediesFor({ code, data }: EaselError, retry: () => unknown): Remedy[] {
  const command = (title: string, id: CommandId, argument?: unknown): Remedy => ({
    title,
    run: () => vscode.commands.executeCommand(id, argument),
  });
  const chooseModel = command(vscode.l10n.t('Choose Model'), 'easel.chooseModel');
  const chooseDevice = command(vscode.l10n.t('Choose Device'), 'easel.chooseDevice');
  const settings = (query: string): Remedy => ({
    title: vscode.l10n.t('Open Settings'),
    run: () => openSettings(query),
  });
  const fullPrecision: Remedy = {
    title: vscode.l10n.t('Draw in Full Precision'),
    run: () => drawInFullPrecision(retry),
  };
  const again: Remedy = { title: vscode.l10n.t('Try Again'), run: retry };
  const { endpointName: endpoint } = data;
  if (typeof endpoint === 'string') {
    const manage = (title: string, action: EndpointAction) =>
      command(title, 'easel.manageEndpoints', { endpoint, action });
    const test = manage(vscode.l10n.t('Test Endpoint'), 'test');
    const atEndpoint: Partial<Record<ErrorCode, Remedy[]>> = {
      'access-denied': [manage(vscode.l10n.t('Set Key'), 'key'), again],
      'model-not-found': [chooseModel, test],
      'content-refused': [chooseModel],
      'payment-required': [chooseModel],
      'rate-limited': [again, chooseModel],
      'bad-request': [settings('easel.'), chooseModel],
      'consent-required': [again, chooseModel],
    };
    return atEndpoint[code] ?? [again, test, chooseModel];
  }
  const remedies: Partial<Record<ErrorCode, Remedy[]>> = {
    'endpoint-not-found': [
      chooseModel,
      command(vscode.l10n.t('Add Endpoint'), 'easel.addEndpoint'),
    ],
    'endpoint-failed': [again, chooseModel],
    'not-supported': [chooseModel],
    'consent-required': [again],
    'model-not-found': [chooseModel],
    'model-incomplete': [chooseModel],
    'unsupported-model': [chooseModel],
    'unsupported-config': [chooseModel],
    'unsafe-file': [chooseModel],
    'bad-file': [chooseModel],
    'not-enough-memory': [chooseModel, settings('easel.width')],
    'bad-size': [settings('easel.width')],
    'background-not-flat': [again, settings('easel.transparent')],
    'device-unavailable': [chooseDevice],
    'device-failed': [chooseDevice],
    'unsupported-precision': [fullPrecision],
    'bad-request': [settings('easel.')],
    'unknown-scheduler': [settings('easel.scheduler')],
    'unsupported-scheduler': [settings('easel.scheduler'), chooseModel],
    'not-finite': [chooseModel, again],
    'write-failed': [
      { title: vscode.l10n.t('Choose Another Folder…'), run: () => chooseSaveFolder(retry) },
      again,
    ],
    'disk-full': [again, command(vscode.l10n.t('Free Disk Space'), 'easel.freeDiskSpace')],
    'no-network': [again],
    'rate-limited': [again],
    'hub-failed': [again],
    'access-denied': [command(vscode.l10n.t('Set Token'), 'easel.setToken'), again],
    'engine-crashed': [again],
    'prompt-too-long': [again],
  };
  return remedies[code] ?? [];
}

/** Takes full precision in the setting that asks for another one, and tries again. */
async function drawInFullPrecision(retry: () => unknown): Promise<void> {
  await new Settings().update('precision', 'full');
  await retry();
}

/** Asks for the folder of new images, keeps it in `easel.saveFolder`, and tries again. */
async function chooseSaveFolder(retry: () => unknown): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Save Images Here'),
  });
  const [folder] = picked ?? [];
  if (!folder) return;
  const isOwn = vscode.workspace.isTrusted && vscode.workspace.getWorkspaceFolder(folder);
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const value = isOwn
    ? vscode.workspace.asRelativePath(folder, false)
    : folder.scheme === 'file'
      ? folder.fsPath
      : folder.path;
  const section = vscode.workspace.getConfiguration('easel');
  await section.update('saveFolder', value, isOwn ? Workspace : Global);
  await retry();
}

function headlineOf(code: ErrorCode): string | undefined {
  const { t } = vscode.l10n;
  const headlines: Partial<Record<ErrorCode, string>> = {
    'model-not-found': t('The model is not on this computer.'),
    'model-incomplete': t('A part of the model is missing.'),
    'unsupported-model': t('This model is not supported.'),
    'unsupported-config': t('This model is not supported.'),
    'unsafe-file': t('The file could run code, so it was not opened.'),
    'bad-file': t('A file is damaged.'),
    'not-enough-memory': t('There is not enough memory.'),
    'bad-size': t('The model cannot draw this size.'),
    'background-not-flat': t('There is no flat background to remove.'),
    'device-unavailable': t('The device is not available.'),
    'device-failed': t('The device failed.'),
    'unsupported-precision': t('The model cannot be computed in this precision here.'),
    'bad-request': t('A setting is not valid.'),
    'unknown-scheduler': t('There is no such scheduler.'),
    'unsupported-scheduler': t('Easel does not have the scheduler of this model.'),
    'not-finite': t('The model gave values that are not numbers, so there is no image.'),
    'prompt-too-long': t('The prompt is too long.'),
    'write-failed': t('The image could not be saved.'),
    'disk-full': t('The disk is full.'),
    'unsupported-platform': t('No model can be computed on this system.'),
    offline: t('The network is disabled by an environment variable.'),
    'no-network': t('Hugging Face cannot be reached.'),
    'rate-limited': t('Hugging Face limits the number of requests. Try again later.'),
    'hub-failed': t('Hugging Face reported a server error.'),
    'access-denied': t('The model is gated: its owner decides who may download it.'),
    'engine-crashed': t('The drawing engine ended unexpectedly.'),
    'endpoint-not-found': t('There is no such endpoint.'),
    'endpoint-failed': t('The endpoint could not draw the image.'),
    'not-supported': t('The endpoint does not take this request.'),
    'consent-required': t('You have not agreed yet that this endpoint is used.'),
    'content-refused': t('The service refuses to draw this prompt.'),
    'payment-required': t('The service asks for a payment.'),
    'keyring-failed': t('The keyring of this system cannot be used.'),
    internal: t('Something went wrong.'),
  };
  return headlines[code];
}
