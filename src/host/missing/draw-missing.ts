import * as vscode from 'vscode';
import { doubts } from '../../core/composition/knowledge';
import { EaselError } from '../../core/errors';
import { describeSeconds } from '../../core/quantities';
import { noticeDoubt } from '../doubts/doubt-notice';
import { noticePrecision } from '../drawing/precision-notice';
import { endpointFailure } from '../endpoints/endpoint-words';
import { nameOf } from '../files/image-files';
import { syntaxOf } from '../languages';
import type { HostServices } from '../services';
import { DrawRun, type Drawn, type DrawResult } from './draw-run';
import { findMissing, onceEach, type MissingImage } from './missing-image';
import { searchMissing, type Search } from './search';
import { describeDoubts, describeSearch } from './search-words';

/** So many images are drawn without a question. */
const HANDFUL = 5;

/** What *Draw All Missing Images* did. */
export interface DrawnMissing extends Omit<Search, 'missing'> {
  readonly drawn: number;
  readonly missing: number;
}

/** Draws the images that documents name and that do not exist, where the site looks for them. */
export class DrawMissing {
  private readonly run: DrawRun;

  constructor(private readonly services: HostServices) {
    this.run = new DrawRun(services);
  }

  /** Draws one, as the quick fix names it. */
  async one(argument: unknown): Promise<void> {
    const { document, file } = readTarget(argument);
    const missing = onceEach(await findMissing(await vscode.workspace.openTextDocument(document)));
    const image = missing.find((one) => one.file.toString() === file.toString());
    // Drawn by another click, or no longer named.
    if (!image) return;
    const { failures, drawn } = await this.run.missing([image]);
    if (failures[0]) throw failures[0];
    for (const one of drawn) void noticeDoubt(this.services, image.wanted.prompt, one);
    this.notice(drawn);
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
    const result = await this.run.missing(wanted);
    if (wanted.length === 1 && result.failures[0]) throw result.failures[0];
    this.summarise(wanted.length, result, () => describeDrawn(search, result.drawn));
    this.notice(result.drawn);
    return { ...looked, drawn: result.drawn.length, missing: missing.length };
  }

  /** @returns the images to draw: more than a handful are shown first; undefined where the user cancels */
  private async confirm(
    images: readonly MissingImage[],
  ): Promise<readonly MissingImage[] | undefined> {
    if (images.length <= HANDFUL) return images;
    const seconds = this.run.secondsFor(images);
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

  /** Says once that images are not exact. A button draws the exact ones over them. */
  private notice(drawn: readonly Drawn[]): void {
    const nearly = drawn.filter(({ unasked }) => unasked);
    void noticePrecision(this.services.log, nearly, async () => {
      const result = await this.run.exactly(nearly);
      if (nearly.length === 1 && result.failures[0]) throw result.failures[0];
      this.summarise(nearly.length, result, () =>
        vscode.l10n.t('Images drawn exactly: {0}', result.drawn.length),
      );
    });
  }

  /** @param success what is said where nothing failed */
  private summarise(wanted: number, result: DrawResult, success: () => string): void {
    const { drawn, failures, isCancelled } = result;
    const [first] = failures;
    if (isCancelled) {
      const text = vscode.l10n.t('Cancelled: {0} of {1} images were drawn.', drawn.length, wanted);
      void vscode.window.showInformationMessage(text);
      return;
    }
    if (!first) {
      void vscode.window.showInformationMessage(success());
      return;
    }
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      'Drew {0} of {1} images. The first error: {2}',
      ...[drawn.length, wanted, endpointFailure(first) ?? first.message],
    );
    void vscode.window.showWarningMessage(text, showLog).then((chosen) => {
      if (chosen === showLog) this.services.log.show();
    });
  }
}

function describeDrawn(search: Search, drawn: readonly Drawn[]): string {
  const subjects = drawn.flatMap(({ knowledge }) => doubts(knowledge));
  return [describeSearch(search, drawn.length), describeDoubts(subjects)]
    .filter(Boolean)
    .join('. ');
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
