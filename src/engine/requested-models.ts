import { otherNetworks } from '../core/request/other-networks';
import type { GenerationRequest } from '../core/request/request';
import type { EngineJob } from './job';
import { ThingFeatures } from './knowledge/thing-features';
import type { Model } from './model/model';
import { openModel } from './model/open';
import { openRefiner } from './pipeline/refining';
import { resolveModel, wholeId } from './store/resolve';

type Emit = EngineJob['context']['emit'];

export interface OpenedModel extends Pick<EngineJob, 'modelId' | 'things'> {
  readonly model: Model;
  readonly refiner: Model | undefined;
}

/** Opens the models of requests. */
export class RequestedModels {
  /** What was said of models whose safety checker cannot be run. */
  private readonly unchecked = new Set<string>();

  /**
   * Opens a model and its refiner, with what the request adds to them; nothing is loaded.
   * @param relativePaths whether a model may be a path relative to the working directory
   * @throws EaselError of the model, of a part, or of what does not fit together
   */
  async open(request: GenerationRequest, relativePaths: boolean, emit: Emit): Promise<OpenedModel> {
    const location = await resolveModel(request.model, process.env, { relativePaths });
    if (location.warning !== undefined) emit({ event: 'warning', message: location.warning });
    const others = otherNetworks(request);
    const { variant } = request;
    const own = await openModel(location, { ...others, variant });
    const chosen = request.vae === 'tiny' ? await own.withTinyAutoencoder() : own;
    const { model: adapted, warnings } = await chosen.withAdapters(request);
    const controlled = await adapted.withControlNets(request.controlnets);
    const prompted = await controlled.withIpAdapters(request);
    const edged = prompted.withSeamlessEdges(request.seamless);
    const refiner = await openRefiner(request, edged, async (spec) => {
      const found = await openModel(await resolveModel(spec, process.env, { relativePaths }));
      return found.withSeamlessEdges(request.seamless);
    });
    for (const message of warnings) emit({ event: 'warning', message });
    const model = await this.withSafetyChecker(edged, request, emit);
    // With adapters or another UNet the model knows other words.
    const isOwn = model.defaults.composes && edged === own && others.unet === undefined;
    const things = isOwn ? await ThingFeatures.read(location.folder) : undefined;
    return { model, refiner, modelId: wholeId(location), things };
  }

  private async withSafetyChecker(
    plain: Model,
    { safetyChecker }: GenerationRequest,
    emit: Emit,
  ): Promise<Model> {
    if (safetyChecker === 'off') return plain;
    const { model, warnings } = await plain.withSafetyChecker();
    for (const message of warnings) {
      // It is the same for every image of the model: once is enough.
      if (!this.unchecked.has(message)) emit({ event: 'warning', message });
      this.unchecked.add(message);
    }
    return model;
  }
}
