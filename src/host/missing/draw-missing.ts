import * as vscode from 'vscode';
import { drawOneImage, type ImageEvent } from '../../client/engine';
import { doubts } from '../../core/composition/knowledge';
import { EaselError, toEaselError } from '../../core/errors';
import { describeSeconds } from '../../core/quantities';
import { abortSignalOf } from '../cancellation';
import { noticeDoubt } from '../doubts/doubt-notice';
import { drawingRequest } from '../drawing/drawing-request';
import { describeProgress } from '../drawing/progress-text';
import { exists, nameOf } from '../files/image-files';
import { syntaxOf } from '../languages';
import type { HostServices } from '../services';
import { findMissing, onceEach, type MissingImage } from './missing-image';
import { searchMissing, type Search } from './search';
import { describeDoubts, describeSearch } from './search-words';

/** So many images are drawn without a question. */
const HANDFUL = 5;
/** Where the time that images took is kept: seconds of one, by model. */
const KEY = 'easel.secondsPerMissingImage';
/** Seconds, before any was measured. */
const USUAL_SECONDS = 3;

/** What *Draw All Missing Images* did. */
export interface DrawnMissing extends Omit<Search, 'missing'> {
  readonly drawn: number;
  readonly missing: number;
}

/** Draws the images that documents name and that do not exist, where the site looks for them. */
export class DrawMissing {
  constructor(private readonly services: HostServices) {}

  /** Draws one, as the quick fix names it. */
  async one(argument: unknown): Promise<void> {
    const { document, file } = readTarget(argument);
    const missing = onceEach(await findMissing(await vscode.workspace.openTextDocument(document)));
    const image = missing.find((one) => one.file.toString() === file.toString());
    // Drawn by another click, or no longer named.
    if (!image) return;
    const { failures, doubtful } = await this.draw([image]);
    if (failures[0]) throw failures[0];
    for (const drawn of doubtful) void noticeDoubt(this.services, image.wanted.prompt, drawn);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Drew {0}.', nameOf(file)), 5000);
  }

  /** Draws all of a document or a folder; without one the user chooses among those at hand. */
  async all(argument: unknown): Promise<DrawnMissing | undefined> {
    const targets = argument instanceof vscode.Uri ? [argument] : await chooseTargets();
    if (!targets) return undefined;
    const search = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Looking for missing images'),
        cancellable: true,
      },
      async (_progress, token) => {
        const found = await searchMissing(targets, token);
        return token.isCancellationRequested ? undefined : found;
      },
    );
    if (!search) return undefined;
    const wanted = await this.confirm(search.missing);
    const { missing, ...looked } = search;
    if (!wanted) return { ...looked, drawn: 0, missing: missing.length };
    const result = await this.draw(wanted);
    if (wanted.length === 1 && result.failures[0]) throw result.failures[0];
    this.summarise(search, wanted.length, result);
    return { ...looked, drawn: result.drawn, missing: missing.length };
  }

  /** @returns the images to draw: more than a handful are shown first; undefined where the user cancels */
  private async confirm(
    images: readonly MissingImage[],
  ): Promise<readonly MissingImage[] | undefined> {
    if (images.length <= HANDFUL) return images;
    const { model } = this.services.settings.read(images[0]?.document);
    const seconds = (this.speeds()[model] ?? USUAL_SECONDS) * images.length;
    const items = images.map((image) => ({
      label: image.wanted.prompt,
      description: vscode.workspace.asRelativePath(image.file),
      picked: true,
      image,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t(
        '{0} images are missing. To draw all takes about {1}.',
        ...[images.length, describeSeconds(seconds)],
      ),
      placeHolder: vscode.l10n.t('Draw the chosen images? Escape draws none'),
      canPickMany: true,
      matchOnDescription: true,
    });
    return picked && picked.length > 0 ? picked.map(({ image }) => image) : undefined;
  }

  private async draw(images: readonly MissingImage[]): Promise<DrawResult> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Drawing missing images'),
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
      const signal = abortSignalOf(token);
      const failures: EaselError[] = [];
      const doubtful: ImageEvent[] = [];
      let drawn = 0;
      for (const [index, image] of images.entries()) {
        const count = images.length > 1 ? `${index + 1}/${images.length} ` : '';
        const report = (text: string) =>
          progress.report({ message: `${count}"${image.wanted.prompt}" ${text}` });
        try {
          // Another job may have drawn it, also under a name that differs in case alone.
          if (await exists(image.file)) continue;
          const started = Date.now();
          const made = await this.drawAt(image, signal, report);
          if (doubts(made.knowledge).length > 0) doubtful.push(made);
          drawn++;
          await this.measured(image, (Date.now() - started) / 1000);
        } catch (thrown) {
          const error = toEaselError(thrown);
          // The images drawn so far are kept.
          if (error.code === 'cancelled') return { drawn, failures, doubtful, isCancelled: true };
          this.services.log.error(`${image.file.path}: ${error.message}`);
          failures.push(error);
        }
        progress.report({ increment: 100 / images.length });
      }
      return { drawn, failures, doubtful, isCancelled: false };
    });
  }

  private async drawAt(
    { document, file, wanted }: MissingImage,
    signal: AbortSignal,
    report: (text: string) => void,
  ): Promise<ImageEvent> {
    const { engine, settings, saver } = this.services;
    const { prompt, size: fit, format } = wanted;
    const request = drawingRequest(settings, document, { prompt, format, fit });
    const { image } = await drawOneImage(engine, request, {
      signal,
      onProgress: (state) => report(describeProgress(state)),
    });
    // Without a workspace folder, a document names files of its own folder alone.
    const own = vscode.workspace.getWorkspaceFolder(file)
      ? undefined
      : [vscode.Uri.joinPath(document, '..')];
    await saver.saveAt(image.bytes, { prompt, seed: image.seed, format }, file, own);
    return image;
  }

  private speeds(): Readonly<Record<string, number>> {
    return this.services.context.globalState.get<Record<string, number>>(KEY) ?? {};
  }

  private async measured({ document }: MissingImage, seconds: number): Promise<void> {
    const { model } = this.services.settings.read(document);
    const known = this.speeds();
    const average = (known[model] ?? seconds) * 0.7 + seconds * 0.3;
    await this.services.context.globalState.update(KEY, { ...known, [model]: average });
  }

  private summarise(search: Search, wanted: number, result: DrawResult): void {
    const { drawn, failures, doubtful, isCancelled } = result;
    const [first] = failures;
    if (isCancelled) {
      const text = vscode.l10n.t('Cancelled: {0} of {1} images were drawn.', drawn, wanted);
      void vscode.window.showInformationMessage(text);
      return;
    }
    if (!first) {
      const subjects = doubtful.flatMap(({ knowledge }) => doubts(knowledge));
      const text = [describeSearch(search, drawn), describeDoubts(subjects)].filter(Boolean);
      void vscode.window.showInformationMessage(text.join('. '));
      return;
    }
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      'Drew {0} of {1} images. The first error: {2}',
      ...[drawn, wanted, first.message],
    );
    void vscode.window.showWarningMessage(text, showLog).then((chosen) => {
      if (chosen === showLog) this.services.log.show();
    });
  }
}

interface DrawResult {
  readonly drawn: number;
  readonly failures: readonly EaselError[];
  /** Images of which the starter may not know something. */
  readonly doubtful: readonly ImageEvent[];
  readonly isCancelled: boolean;
}

/**
 * Asks what is searched: the document in front, its folder, or the workspace.
 * @returns undefined where the user cancels
 * @throws EaselError `bad-request` where there is nothing to search
 */
async function chooseTargets(): Promise<readonly vscode.Uri[] | undefined> {
  const { t } = vscode.l10n;
  const document = vscode.window.activeTextEditor?.document;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const choices: (vscode.QuickPickItem & { readonly targets: readonly vscode.Uri[] })[] = [];
  if (document && syntaxOf(document) && !document.isUntitled) {
    const { uri } = document;
    const folder = vscode.Uri.joinPath(uri, '..');
    choices.push({ label: t('This file'), description: nameOf(uri), targets: [uri] });
    const isOwn = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    if (isOwn && !folders.some((one) => one.uri.toString() === folder.toString())) {
      const description = vscode.workspace.asRelativePath(folder);
      choices.push({ label: t('The folder of this file'), description, targets: [folder] });
    }
  }
  if (folders.length > 0) {
    choices.push({
      label: t('The whole workspace'),
      description: folders.map(({ name }) => name).join(', '),
      targets: folders.map(({ uri }) => uri),
    });
  }
  if (choices.length === 0) {
    throw new EaselError('bad-request', t('Open a document that links images first.'));
  }
  if (choices.length === 1) return choices[0]?.targets;
  const picked = await vscode.window.showQuickPick(choices, {
    title: t('Draw All Missing Images'),
    placeHolder: t('Where should Easel look for missing images?'),
  });
  return picked?.targets;
}

function readTarget(argument: unknown): { document: vscode.Uri; file: vscode.Uri } {
  const { document, file } = (argument ?? {}) as Record<string, unknown>;
  if (document instanceof vscode.Uri && file instanceof vscode.Uri) return { document, file };
  throw new EaselError('bad-request', vscode.l10n.t('Use the quick fix on a missing image.'));
}
