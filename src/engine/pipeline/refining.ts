import { BASE_SHARE } from '../../core/diffusion/denoise';
import { EaselError } from '../../core/errors';
import type { GenerationRequest } from '../../core/request/request';
import type { Model } from '../model/model';
import type { Network, Networks, NetworkUse } from '../model/network';
import type { NetworkSession } from '../runtime/session';

type Asked = Pick<GenerationRequest, 'refiner' | 'denoisingEnd'>;

/**
 * Opens the model that goes on from what the request's model has denoised ("ensemble of experts", eDiff-I,
 * arXiv 2211.01324; diffusers' guide of Stable Diffusion XL). No weights are loaded.
 * @param open reads a model by its name
 * @returns undefined where the request has none
 * @throws EaselError `bad-request` where the two cannot draw together; and those of opening a model
 */
export async function openRefiner(
  asked: Asked,
  base: Model,
  open: (spec: string) => Promise<Model>,
): Promise<Model | undefined> {
  const { refiner: spec } = asked;
  if (spec === undefined) return undefined;
  refuseShare(asked);
  refuseBase(base);
  const refiner = await open(spec);
  refusePair(base, refiner);
  return refiner;
}

/** @throws EaselError `bad-request` where a share of the denoising leaves nothing to one of the models */
function refuseShare({ denoisingEnd }: Asked): void {
  if (denoisingEnd !== 0 && denoisingEnd !== 1) return;
  throw refused(`With --denoising-end ${denoisingEnd}, one of the two models has no step. Give a share between 0 and 1, such as ${BASE_SHARE}.`); // prettier-ignore
}

function refuseBase({ id, isXl, refines, takesMask, takesImage }: Model): void {
  if (refines) {
    throw refused(`${id} is a refiner itself. Give a base model with --model, or leave out --refiner.`); // prettier-ignore
  }
  if (isXl && !takesMask && !takesImage) return;
  const kind = isXl ? 'is for inpainting or for editing by words' : 'is not Stable Diffusion XL';
  throw refused(`A refiner goes on from a base model of Stable Diffusion XL, and ${id} ${kind}. Choose another model, or leave out --refiner.`); // prettier-ignore
}

/** Two models can draw together where the latents of one are those of the other. */
function refusePair(base: Model, refiner: Model): void {
  const { id } = refiner;
  if (!refiner.isXl) {
    throw refused(`${id} is not Stable Diffusion XL, and cannot refine what ${base.id} draws. Give a refiner of SDXL.`); // prettier-ignore
  }
  if (refiner.takesMask || refiner.takesImage) {
    throw refused(`${id} is for inpainting or for editing by words, and cannot refine what ${base.id} draws. Give a refiner of SDXL.`); // prettier-ignore
  }
  const [own, other] = [base, refiner].map(({ latents: { channels, factor } }) => [
    `${channels} channels`,
    `cells of ${factor} × ${factor} pixels`,
  ]);
  const place = own!.findIndex((fact, index) => fact !== other![index]);
  if (place < 0) return;
  throw refused(`The latents of ${id} have ${other![place]}, and those of ${base.id} ${own![place]}: they cannot draw one image. Choose another refiner or model.`); // prettier-ignore
}

function refused(message: string): EaselError {
  return new EaselError('bad-request', message, { field: 'refiner' });
}

/** The networks of a job, for its refiner: named apart from those of the base model. */
export class RefinerNetworks implements Networks {
  constructor(
    private readonly networks: Networks,
    private readonly refiner: Pick<Model, 'id' | 'sessionKey'>,
  ) {}

  use<T>(
    network: Network,
    use: NetworkUse,
    work: (session: NetworkSession) => Promise<T>,
  ): Promise<T> {
    return this.networks.use(this.named(network), use, work);
  }

  warn(message: string): void {
    this.networks.warn(message);
  }

  private named(network: Network): Network {
    const { id, sessionKey } = this.refiner;
    return {
      ...network,
      key: `${sessionKey}\n${network.key}`,
      open: ({ bytes, ...options }) =>
        network.open({ ...options, bytes: bytes && ((wanted) => bytes({ ...wanted, model: id })) }),
    };
  }
}
