import { EaselError } from '../../core/errors';
import type { GenerationRequestInput } from '../../core/request/request';
import { drawOneImage, type ImageEvent } from '../../client/engine';
import type { LiveImage, RequestSummary } from '../../protocol/studio';
import { plainBytes } from '../files/image-files';
import type { HostServices } from '../services';
import type { Gallery } from './gallery';
import { summaryOf } from './request-summary';
import { drawnSummary } from './saved-entry';

interface Drawn {
  readonly image: ImageEvent;
  readonly prompt: string;
  readonly request: RequestSummary;
  readonly asked: GenerationRequestInput;
}

/** Images that follow the sketch while it is drawn. Only the newest is known, and it is saved when asked for. */
export class LiveDrawing {
  private last: Drawn | undefined;

  constructor(
    private readonly services: HostServices,
    private readonly gallery: Gallery,
  ) {}

  /** Draws one image without saving it. @throws EaselError; `cancelled` after an abort */
  async draw(request: GenerationRequestInput, signal: AbortSignal): Promise<LiveImage> {
    const { engine, access, endpoints } = this.services;
    // Each stroke would be sent, and may cost.
    if (request.endpoint !== undefined || endpoints.placeOf(request.model ?? '')) {
      throw new EaselError('not-supported', 'A live image is drawn by models of this machine.');
    }
    const allowed = await access.check({ ...request, numImages: 1 });
    const { image } = await drawOneImage(engine, allowed, { signal });
    const asked = { ...allowed, seed: image.seed };
    this.last = { image, prompt: request.prompt, request: summaryOf(asked), asked };
    const { bytes, format, width, height } = image;
    return { bytes: plainBytes(bytes), format, width, height };
  }

  /**
   * Saves the newest image.
   * @returns its id in the gallery; null where the user has named no place for it
   * @throws EaselError `bad-request` where nothing was drawn
   */
  async keep(): Promise<{ readonly image: string | null }> {
    const { saver, inserter, history } = this.services;
    if (!this.last) throw new EaselError('bad-request', 'There is no image to keep yet.');
    const { image, prompt, request, asked } = this.last;
    const destination = await saver.destination(inserter.target);
    if (!destination) return { image: null };
    if (prompt) void history.add(prompt);
    const { bytes, seed, format, width, height, knowledge, unasked } = image;
    const uri = await saver.save(bytes, { prompt, seed, format }, destination);
    this.gallery.add({
      ...{ uri, time: Date.now(), width, height },
      ...{ request: drawnSummary(request, bytes), knowledge, unasked, asked: unasked && asked },
    });
    return { image: uri.toString() };
  }
}
