import type { EndpointAbilities } from '../../core/endpoints/abilities';
import type { ProtocolName } from '../../core/endpoints/endpoint';
import type { Size } from '../../core/image/resize';
import type { FieldName } from '../../core/request/fields';
import type { GenerationRequest } from '../../core/request/request';
import type { EndpointReport } from '../../protocol/endpoints';
import type { EndpointSummary, GenerationEvent } from '../../protocol/engine';
import type { EndpointConnection } from './connection';

/** What servers take that run diffusion models themselves. */
export const DIFFUSION_FIELDS = [
  ...(['negativePrompt', 'promptSyntax', 'clipSkip', 'seed', 'steps', 'guidanceScale'] as const),
  ...(['width', 'height', 'scheduler', 'numImages', 'initImage', 'strength', 'mask'] as const),
  ...(['loras'] as const),
] as const satisfies readonly FieldName[];

/** What is asked of an endpoint: only what it takes, in the words that its model reads. */
export interface RemoteRequest
  extends
    Pick<
      GenerationRequest,
      | 'seed'
      | 'steps'
      | 'guidanceScale'
      | 'scheduler'
      | 'strength'
      | 'loras'
      | 'clipSkip'
      | 'variationSeed'
      | 'variationStrength'
      | 'imageGuidanceScale'
      | 'numImages'
      | 'promptSyntax'
      | 'transparent'
      | 'preview'
    >,
    Partial<Size> {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** The service's; absent: the one that it draws with by itself. */
  readonly model?: string;
  /** PNG files of the request's width and height. The mask is white where is to be drawn. */
  readonly initImage?: Uint8Array;
  readonly mask?: Uint8Array;
}

export interface RemoteImage {
  /** An image file of any format. */
  readonly file: Uint8Array;
  /** Absent: not known. */
  readonly seed?: number;
}

/** What a service told of a job besides the images. */
export interface RemoteDrawing extends Pick<EndpointSummary, 'cost'> {
  /** The model that drew, where it tells. */
  readonly model?: string;
  readonly computedSeconds?: number;
}

/** How far an image of a job is. */
export interface RemoteStep {
  /** 1-based, of the image. */
  readonly index: number;
  readonly total: number;
  /** 0-based image of the request. */
  readonly image: number;
  /** An image file of the unfinished step, of any format. */
  readonly preview?: Uint8Array | undefined;
}

export interface RemoteJob {
  readonly request: RemoteRequest;
  /** What the server can do, as it has just told. */
  readonly abilities: EndpointAbilities;
  readonly signal: AbortSignal;
  readonly emit: (event: Extract<GenerationEvent, { event: 'queued' | 'warning' }>) => void;
  readonly step: (step: RemoteStep) => void;
  /** Takes an image as soon as it is there. */
  readonly image: (image: RemoteImage) => Promise<void>;
}

/** How a kind of server is spoken to. */
export interface EndpointProtocol {
  readonly name: ProtocolName;
  /** What a server of this kind does that does not say more. */
  readonly abilities: EndpointAbilities;
  /** Pixels of an image whose size nobody says, if its shape is known. */
  readonly usualPixels: number;
  /** Whether the server speaks it. @throws EaselError where it cannot be reached */
  readonly speaks?: (connection: EndpointConnection, signal: AbortSignal) => Promise<boolean>;
  /**
   * What the server has and can do.
   * @param model what can be done with this one. Absent: the endpoint's own
   * @throws EaselError
   */
  report(
    connection: EndpointConnection,
    signal: AbortSignal,
    model?: string,
  ): Promise<EndpointReport>;
  /**
   * Draws. When the signal aborts, the job ends on the server too, if that is possible.
   * @throws EaselError
   */
  draw(connection: EndpointConnection, job: RemoteJob): Promise<RemoteDrawing>;
}
