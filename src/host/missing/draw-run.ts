import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { drawOneImage, type ImageEvent } from '../../client/engine';
import { EaselError, toEaselError } from '../../core/errors';
import { abortSignalOf } from '../cancellation';
import { drawingRequest } from '../drawing/drawing-request';
import { describeProgress } from '../drawing/progress-text';
import { exists } from '../files/image-files';
import type { HostServices } from '../services';
import { failsAll, inParallel } from './in-parallel';
import type { MissingImage } from './missing-image';

/** Where the time that images took is kept: seconds of one, by model. */
const KEY = 'easel.secondsPerMissingImage';
/** Requests that an endpoint gets at a time. */
const PARALLEL_JOBS = 2;
/** Seconds, before any was measured. */
const USUAL_SECONDS = 3;

/** An image that a run has drawn. */
export interface Drawn extends Pick<ImageEvent, 'seed' | 'knowledge' | 'unasked'> {
  readonly missing: MissingImage;
  /** Of its file, which tells whether the file is still that image. */
  readonly digest: string;
}

export interface DrawResult {
  readonly drawn: readonly Drawn[];
  readonly failures: readonly EaselError[];
  readonly isCancelled: boolean;
}

/** An image to draw, in the place of the one that was drawn there before. */
interface Wanted {
  readonly missing: MissingImage;
  readonly before?: Drawn;
}

/** Draws images, at an endpoint some at the same time, at the paths that documents name, under one notification. */
export class DrawRun {
  constructor(private readonly services: HostServices) {}

  /** Draws images that do not exist. Those that do by now are left out. */
  missing(images: readonly MissingImage[]): Promise<DrawResult> {
    return this.run(
      images.map((missing) => ({ missing })),
      vscode.l10n.t('Drawing missing images'),
    );
  }

  /** Draws the same images in full precision, over those that were drawn. What was changed since is kept. */
  exactly(images: readonly Drawn[]): Promise<DrawResult> {
    return this.run(
      images.map((before) => ({ missing: before.missing, before })),
      vscode.l10n.t('Drawing exact images'),
    );
  }

  /** How long images take with the model of the first one's document, in seconds. */
  secondsFor(images: readonly MissingImage[]): number {
    const { model } = this.services.settings.read(images[0]?.document);
    const each = this.speeds()[model] ?? USUAL_SECONDS;
    return (each * images.length) / this.parallelJobs(images);
  }

  /** This machine draws one image at a time; an endpoint gets a few. */
  private parallelJobs(images: readonly MissingImage[]): number {
    const { settings, endpoints } = this.services;
    const isElsewhere = ({ document }: MissingImage) =>
      endpoints.placeOf(settings.read(document).model) !== undefined;
    return images.every(isElsewhere) ? PARALLEL_JOBS : 1;
  }

  private async run(images: readonly Wanted[], title: string): Promise<DrawResult> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const signal = abortSignalOf(token);
      const failures: EaselError[] = [];
      const drawn: Drawn[] = [];
      let stopped: 'cancelled' | 'failed' | undefined;
      const drawNext = async (image: Wanted, index: number) => {
        const { file, wanted } = image.missing;
        const count = images.length > 1 ? `${index + 1}/${images.length} ` : '';
        const report = (text: string) =>
          progress.report({ message: `${count}"${wanted.prompt}" ${text}` });
        try {
          // Another job may have drawn it, also under a name that differs in case alone.
          if (!image.before && (await exists(file))) return;
          drawn.push(await this.draw(image, signal, report));
        } catch (thrown) {
          const error = toEaselError(thrown);
          // The images drawn so far are kept.
          if (error.code === 'cancelled') stopped = 'cancelled';
          else {
            this.services.log.error(`${file.path}: ${error.message}`);
            failures.push(error);
            if (failsAll(error)) stopped ??= 'failed';
          }
        }
        progress.report({ increment: 100 / images.length });
      };
      const limit = this.parallelJobs(images.map(({ missing }) => missing));
      await inParallel(images, limit, drawNext, () => stopped !== undefined);
      return { drawn, failures, isCancelled: stopped === 'cancelled' };
    });
  }

  private async draw(
    { missing, before }: Wanted,
    signal: AbortSignal,
    report: (text: string) => void,
  ): Promise<Drawn> {
    const { engine, settings, saver } = this.services;
    const { document, file, wanted } = missing;
    const { prompt, size: fit, format } = wanted;
    const request = drawingRequest(settings, document, {
      ...{ prompt, format, fit },
      ...(before && { seed: before.seed, exactly: true }),
    });
    if (before) await requireUnchanged(file, before);
    const started = Date.now();
    const { image } = await drawOneImage(engine, request, {
      signal,
      onProgress: (state) => report(describeProgress(state)),
    });
    const { bytes, seed, knowledge, unasked } = image;
    // Without a workspace folder, a document names files of its own folder alone.
    const own = vscode.workspace.getWorkspaceFolder(file)
      ? undefined
      : [vscode.Uri.joinPath(document, '..')];
    const name = { prompt, seed, format };
    if (before) {
      await saver.saveOver(bytes, name, file, () => requireUnchanged(file, before), own);
    } else {
      await saver.saveAt(bytes, name, file, own);
      await this.measured(document, (Date.now() - started) / 1000);
    }
    return { missing, seed, knowledge, unasked, digest: digestOf(bytes) };
  }

  private speeds(): Readonly<Record<string, number>> {
    return this.services.context.globalState.get<Record<string, number>>(KEY) ?? {};
  }

  private async measured(document: vscode.Uri, seconds: number): Promise<void> {
    const { model } = this.services.settings.read(document);
    const known = this.speeds();
    const average = (known[model] ?? seconds) * 0.7 + seconds * 0.3;
    await this.services.context.globalState.update(KEY, { ...known, [model]: average });
  }
}

/** @throws EaselError `write-failed` where a file is no longer the image that was drawn there */
async function requireUnchanged(file: vscode.Uri, { digest }: Drawn): Promise<void> {
  const there = await vscode.workspace.fs.readFile(file).then(digestOf, () => undefined);
  if (there === digest) return;
  throw new EaselError(
    'write-failed',
    `${file.path} was changed since it was drawn, and was not overwritten.`,
  );
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
