import type { ProtocolName } from '../../core/endpoints/endpoint';
import { a1111 } from './a1111';
import { comfyui } from './comfyui';
import { huggingFace } from './huggingface';
import { openai } from './openai';
import type { EndpointProtocol } from './protocol';
import { replicate } from './replicate';
import { sdcpp } from './sdcpp';
import { template } from './template';

const PROTOCOL_BY_NAME: Readonly<Record<ProtocolName, EndpointProtocol>> = {
  openai,
  a1111,
  sdcpp,
  comfyui,
  huggingface: huggingFace,
  replicate,
  template,
};

export function protocolOf(name: ProtocolName): EndpointProtocol {
  return PROTOCOL_BY_NAME[name];
}

/** Those that a server can be asked for, the one with the most abilities first: some servers speak several. */
export const ASKED_PROTOCOLS: readonly EndpointProtocol[] = [sdcpp, comfyui, a1111, openai];
