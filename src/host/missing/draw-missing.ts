import * as vscode from 'vscode';
import { drawOneImage } from '../../client/engine';
import { EaselError, toEaselError } from '../../core/errors';
import { abortSignalOf } from '../cancellation';
import { drawingRequest } from '../drawing/drawing-request';
import { describeProgress } from '../drawing/progress-text';
import { DOCUMENT_ENDINGS, syntaxOf } from '../languages';
import type { HostServices } from '../services';
import { findMissing, type MissingImage } from './missing-image';

/** Documents that are searched below a folder. */
const DOCUMENTS = `**/*.{${DOCUMENT_ENDINGS.join(',')}}`;
const NOT_OURS = '**/{node_modules,.git,dist,out,build}/**';
/** Documents that are searched at most. */
const MAX_DOCUMENTS = 2000;

/** Draws the images that documents name and that do not exist, at the paths they name. */
export class DrawMissing {
  constructor(private readonly services: HostServices) {}

  /** Draws one, as the quick fix names it. */
  async one(argument: unknown): Promise<void> {
    const { document, file } = readTarget(argument);
    const missing = await findMissing(await vscode.workspace.openTextDocument(document));
    const image = missing.find((one) => one.file.toString() === file.toString());
    // Drawn by another click, or no longer named.
    if (image) await this.draw([image]);
  }

  /** Draws all of a document (by default the one in front) or of a folder. */
  async all(argument: unknown): Promise<void> {
    const target =
      argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    if (!target) {
      throw new EaselError(
        'bad-request',
        vscode.l10n.t('Open a document that links images first.'),
      );
    }
    const missing = await missingBelow(target);
    if (missing.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No image is missing.'));
      return;
    }
    await this.draw(missing);
  }

  private async draw(images: readonly MissingImage[]): Promise<void> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Drawing missing images'),
      cancellable: true,
    };
    const failures = await vscode.window.withProgress(options, async (progress, token) => {
      const signal = abortSignalOf(token);
      const failed: EaselError[] = [];
      for (const [index, image] of images.entries()) {
        const count = images.length > 1 ? `${index + 1}/${images.length} ` : '';
        const report = (text: string) =>
          progress.report({ message: `${count}"${image.wanted.prompt}" ${text}` });
        try {
          await this.drawAt(image, signal, report);
        } catch (thrown) {
          const error = toEaselError(thrown);
          // The images drawn so far are kept.
          if (error.code === 'cancelled') break;
          this.services.log.error(`${image.file.path}: ${error.message}`);
          failed.push(error);
        }
        progress.report({ increment: 100 / images.length });
      }
      return failed;
    });
    const [first] = failures;
    if (images.length === 1 && first) throw first;
    if (images.length > 1) this.summarise(images.length, failures);
  }

  private async drawAt(
    { document, file, wanted }: MissingImage,
    signal: AbortSignal,
    report: (text: string) => void,
  ): Promise<void> {
    const { engine, settings, saver } = this.services;
    const { prompt, size: fit, format } = wanted;
    const request = drawingRequest(settings, document, { prompt, format, fit });
    const { image } = await drawOneImage(engine, request, {
      signal,
      onProgress: (state) => report(describeProgress(state)),
    });
    await saver.saveAt(image.bytes, { prompt, seed: image.seed }, file);
  }

  private summarise(total: number, failures: readonly EaselError[]): void {
    const done = total - failures.length;
    const [first] = failures;
    if (!first) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Drew {0} images.', done));
      return;
    }
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      'Drew {0} of {1} images. The first error: {2}',
      ...[done, total, first.message],
    );
    void vscode.window.showWarningMessage(text, showLog).then((chosen) => {
      if (chosen === showLog) this.services.log.show();
    });
  }
}

/** The missing images of a document, or of all documents below a folder. */
async function missingBelow(target: vscode.Uri): Promise<MissingImage[]> {
  const { type } = await vscode.workspace.fs.stat(target);
  const documents =
    (type & vscode.FileType.Directory) === 0
      ? [target]
      : await vscode.workspace.findFiles(
          new vscode.RelativePattern(target, DOCUMENTS),
          NOT_OURS,
          MAX_DOCUMENTS,
        );
  const missing: MissingImage[] = [];
  for (const uri of documents) {
    const document = await vscode.workspace.openTextDocument(uri);
    if (!syntaxOf(document)) continue;
    for (const image of await findMissing(document)) {
      // Two documents may name the same image.
      const known = missing.some(({ file }) => file.toString() === image.file.toString());
      if (!known) missing.push(image);
    }
  }
  return missing;
}

function readTarget(argument: unknown): { document: vscode.Uri; file: vscode.Uri } {
  const { document, file } = (argument ?? {}) as Record<string, unknown>;
  if (document instanceof vscode.Uri && file instanceof vscode.Uri) return { document, file };
  throw new EaselError('bad-request', vscode.l10n.t('Use the quick fix on a missing image.'));
}
