import * as vscode from 'vscode';
import { EaselError, toEaselError } from '../../core/errors';
import { drawingRequest } from '../drawing/drawing-request';
import { describeProgress } from '../drawing/progress-text';
import type { HostServices } from '../services';
import { isReferenceLanguage } from '../references/languages';
import { findMissing, type MissingPicture } from './missing-picture';

/** Documents in which a folder's missing pictures are looked for. */
const DOCUMENTS = '**/*.{md,markdown,mdx,html,htm,jsx,tsx,css}';
const NOT_OURS = '**/{node_modules,.git,dist,out,build}/**';
/** A folder with more documents than this is not one person's writing. */
const MAX_DOCUMENTS = 2000;

/** Draws pictures that documents name and that do not exist, at the very paths they name. */
export class DrawMissing {
  constructor(private readonly services: HostServices) {}

  /** Draws one, as the quick fix names it. */
  async one(argument: unknown): Promise<void> {
    const { document, file } = readTarget(argument);
    const missing = await findMissing(await vscode.workspace.openTextDocument(document));
    const picture = missing.find((one) => one.file.toString() === file.toString());
    // Drawn by another click, or no longer named.
    if (picture) await this.draw([picture]);
  }

  /** Draws all of a document (by default the one in front) or of a folder. */
  async all(argument: unknown): Promise<void> {
    const target =
      argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    if (!target) {
      throw new EaselError('bad-request', vscode.l10n.t('Open a document that names pictures.'));
    }
    const missing = await missingBelow(target);
    if (missing.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No picture is missing.'));
      return;
    }
    await this.draw(missing);
  }

  private async draw(pictures: readonly MissingPicture[]): Promise<void> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Drawing missing pictures'),
      cancellable: true,
    };
    const failures = await vscode.window.withProgress(options, async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const failed: EaselError[] = [];
      for (const [index, picture] of pictures.entries()) {
        const count = pictures.length > 1 ? `${index + 1}/${pictures.length} ` : '';
        const report = (text: string) =>
          progress.report({ message: `${count}"${picture.wanted.prompt}" ${text}` });
        try {
          await this.drawAt(picture, controller.signal, report);
        } catch (thrown) {
          const error = toEaselError(thrown);
          // What is done stays done.
          if (error.code === 'cancelled') break;
          this.services.log.error(`${picture.file.path}: ${error.message}`);
          failed.push(error);
        }
        progress.report({ increment: 100 / pictures.length });
      }
      return failed;
    });
    const [first] = failures;
    if (pictures.length === 1 && first) throw first;
    if (pictures.length > 1) this.summarise(pictures.length, failures);
  }

  private async drawAt(
    { document, file, wanted }: MissingPicture,
    signal: AbortSignal,
    report: (text: string) => void,
  ): Promise<void> {
    const { engine, settings, saver } = this.services;
    const { prompt, size: fit, format } = wanted;
    const request = drawingRequest(settings, document, { prompt, format, fit });
    let drawn: { bytes: Uint8Array; seed: number } | undefined;
    await engine.generate(request, {
      signal,
      onEvent: (event, state) => {
        report(describeProgress(state));
        if (event.event === 'image') drawn = { bytes: event.bytes, seed: event.seed };
      },
    });
    if (!drawn) throw new EaselError('internal', 'The engine answered without a picture.');
    await saver.saveAt(drawn.bytes, { prompt, seed: drawn.seed }, file);
  }

  private summarise(total: number, failures: readonly EaselError[]): void {
    const done = total - failures.length;
    const [first] = failures;
    if (!first) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Drew {0} pictures.', done));
      return;
    }
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      'Drew {0} of {1} pictures. The first that failed: {2}',
      ...[done, total, first.message],
    );
    void vscode.window.showWarningMessage(text, showLog).then((chosen) => {
      if (chosen === showLog) this.services.log.show();
    });
  }
}

/** The missing pictures of a document, or of all documents below a folder. */
async function missingBelow(target: vscode.Uri): Promise<MissingPicture[]> {
  const { type } = await vscode.workspace.fs.stat(target);
  const documents =
    (type & vscode.FileType.Directory) === 0
      ? [target]
      : await vscode.workspace.findFiles(
          new vscode.RelativePattern(target, DOCUMENTS),
          NOT_OURS,
          MAX_DOCUMENTS,
        );
  const missing: MissingPicture[] = [];
  for (const uri of documents) {
    const document = await vscode.workspace.openTextDocument(uri);
    if (!isReferenceLanguage(document.languageId)) continue;
    for (const picture of await findMissing(document)) {
      // Two documents may name the same picture.
      const known = missing.some(({ file }) => file.toString() === picture.file.toString());
      if (!known) missing.push(picture);
    }
  }
  return missing;
}

function readTarget(argument: unknown): { document: vscode.Uri; file: vscode.Uri } {
  const { document, file } = (argument ?? {}) as Record<string, unknown>;
  if (document instanceof vscode.Uri && file instanceof vscode.Uri) return { document, file };
  throw new EaselError('bad-request', vscode.l10n.t('Use the quick fix on a missing picture.'));
}
