import type { DeviceName } from '../../core/devices';
import { buildClipText } from '../graph/clip-text';
import type { BuiltGraph } from '../graph/graph';
import { planSession } from '../graph/session-plan';
import type { GraphTarget } from '../graph/target';
import { buildTinyDecoder, buildTinyEncoder } from '../graph/tiny-vae';
import { buildUNet } from '../graph/unet';
import { buildVaeDecoder, buildVaeEncoder } from '../graph/vae';
import type { OnnxComponent } from '../exported/component';
import { OnnxSession, type OnnxRole } from '../exported/session';
import { noEncoder } from '../model/exported-model';
import { Session, type NetworkSession } from '../runtime/session';
import type { SessionCache } from '../runtime/session-cache';
import type { WeightSource } from '../weights/source';
import type { JobClock } from './job-clock';
import type { Model, Vae } from '../model/model';
import { vaeTiling, type VaeTiling } from './vae-tiling';

/** Sizes of a latent picture, in cells. */
export interface LatentSize {
  readonly width: number;
  readonly height: number;
}

/** What a UNet's graph is made for. */
export interface UNetShape {
  readonly batch: number;
  /** Of the text. */
  readonly tokens: number;
  readonly size: LatentSize;
}

export type ComponentName = 'text encoder' | 'unet' | 'vae';

export interface NetworksOptions {
  readonly model: Model;
  readonly device: DeviceName;
  readonly sessions: SessionCache;
  readonly clock: JobClock;
  readonly onLoading: (component: ComponentName) => void;
  readonly onWarning: (message: string) => void;
  /** Let the autoencoder work in tiles where something is larger than one. */
  readonly vaeTiling?: boolean;
}

/**
 * A model's networks as sessions on one device, made on first use. Ask for a session again before each
 * use of it: memory may have become short in between.
 */
export class Networks {
  private readonly warned = new Set<string>();

  constructor(private readonly options: NetworksOptions) {}

  get model(): Model {
    return this.options.model;
  }

  /** Tells the user something, once. */
  warn(message: string): void {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    this.options.onWarning(message);
  }

  /** The autoencoder's tiles, where it is to work in tiles. */
  get tiling(): VaeTiling | undefined {
    const { vae } = this.model;
    if (this.options.vaeTiling !== true || vae.kind === 'tiny') return undefined;
    return vaeTiling(vae.config.sampleSize, vae.config.spatialFactor);
  }

  /** @param runs how many texts it will encode before it may be freed */
  textEncoder(index: number, runs: number): Promise<NetworkSession> {
    const { config, weights, onnx, wrapWeights } = this.model.textEncoders[index]!;
    const key = textKey(index);
    if (onnx) return this.finished({ component: 'text encoder', key, weights, runs }, onnx);
    return this.session({ component: 'text encoder', key, weights, runs }, (target) =>
      buildClipText(config, weights, { batch: 1, target, wrapWeights }),
    );
  }

  /** @param runs how many steps it will take before it may be freed */
  unet(shape: UNetShape, runs: number): Promise<NetworkSession> {
    const { config, weights, onnx, wrapWeights } = this.model.unet;
    if (onnx) return this.finished({ component: 'unet', key: 'unet', weights, runs }, onnx);
    const { batch, tokens: sequenceLength, size } = shape;
    const key = unetKey(shape);
    return this.session({ component: 'unet', key, weights, runs }, (target) =>
      buildUNet(config, weights, { batch, ...size, sequenceLength, target, wrapWeights }),
    );
  }

  /**
   * The autoencoder's decoder: input `latent_sample` [1, channels, height, width], output `sample`
   * and, where the model has learned it, `opacity`.
   * @param runs how many pictures it will decode before it may be freed
   */
  decoder(size: LatentSize, runs: number): Promise<NetworkSession> {
    const { vae } = this.model;
    const { weights } = vae;
    if (vae.kind === 'full' && vae.onnx) {
      const request = { component: 'vae', key: 'vae decoder', weights, runs } as const;
      return this.finished(request, vae.onnx.decoder, 'vae decoder');
    }
    const key = decoderKey(vae, size);
    return this.session({ component: 'vae', key, weights, runs }, (target) => {
      const options = { batch: 1, ...size, target };
      return vae.kind === 'tiny'
        ? buildTinyDecoder(vae.config, vae.weights, options, vae.opacity)
        : buildVaeDecoder(vae.config, vae.weights, options);
    });
  }

  /**
   * The autoencoder's encoder: input `sample` [1, 3, height · f, width · f]; output `latent_parameters`
   * [1, 2 · channels, height, width], or `latents` of a tiny one.
   */
  async encoder(size: LatentSize): Promise<NetworkSession> {
    const { vae } = this.model;
    const { weights } = vae;
    if (vae.kind === 'full' && vae.onnx) {
      const { encoder } = vae.onnx;
      if (!encoder) throw noEncoder(this.model.id);
      const request = { component: 'vae', key: 'vae encoder', weights, runs: 1 } as const;
      return this.finished(request, encoder, 'vae encoder');
    }
    const key = encoderKey(vae, size);
    return this.session({ component: 'vae', key, weights, runs: 1 }, (target) => {
      const f = vae.config.spatialFactor;
      const options = { batch: 1, width: size.width * f, height: size.height * f, target };
      return vae.kind === 'tiny'
        ? buildTinyEncoder(vae.config, vae.weights, options)
        : buildVaeEncoder(vae.config, vae.weights, options);
    });
  }

  /** Frees a text encoder for the rest of a job. */
  async dropTextEncoder(index: number): Promise<void> {
    await this.options.sessions.drop(this.group, textKey(index));
  }

  async dropEncoder(size: LatentSize): Promise<void> {
    await this.drop('vae encoder', encoderKey(this.model.vae, size));
  }

  async dropUNet(shape: UNetShape): Promise<void> {
    await this.drop('unet', unetKey(shape));
  }

  async dropDecoder(size: LatentSize): Promise<void> {
    await this.drop('vae decoder', decoderKey(this.model.vae, size));
  }

  /** Frees a network, under the key of a finished graph or of one written for a size. */
  private async drop(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.options.sessions.drop(this.group, key);
  }

  private get group(): string {
    return `${this.options.device} ${this.model.folder}`;
  }

  private session(
    { component, key, weights, runs }: SessionRequest,
    build: (target: GraphTarget) => BuiltGraph,
  ): Promise<NetworkSession> {
    const { sessions, device, clock, onLoading } = this.options;
    return sessions.get(this.group, key, weights.totalBytes, () => {
      onLoading(component);
      const { target, tuning } = planSession({ device, runs });
      return clock.measure('load', () => Session.create(build(target), device, tuning));
    });
  }

  /** A session of a graph that came finished; one serves every size. */
  private finished(
    { component, key, weights, runs }: SessionRequest,
    onnx: OnnxComponent,
    role: OnnxRole = component === 'vae' ? 'vae decoder' : component,
  ): Promise<NetworkSession> {
    const { sessions, device, clock, onLoading } = this.options;
    return sessions.get(this.group, key, weights.totalBytes, () => {
      onLoading(component);
      const { tuning } = planSession({ device, runs });
      return clock.measure('load', () => OnnxSession.create(onnx, role, device, tuning));
    });
  }
}

interface SessionRequest {
  readonly component: ComponentName;
  readonly key: string;
  readonly weights: WeightSource;
  readonly runs: number;
}

function textKey(index: number): string {
  return `text encoder ${index}`;
}

function encoderKey({ kind }: Vae, size: LatentSize): string {
  return `${kind} encoder ${size.width}x${size.height}`;
}

function unetKey({ batch, tokens, size }: UNetShape): string {
  return `unet ${batch}x${tokens}x${size.width}x${size.height}`;
}

function decoderKey({ kind }: Vae, size: LatentSize): string {
  return `${kind} decoder ${size.width}x${size.height}`;
}
