import { lastName } from '../repository-id';

/** An IP-Adapter of the authors that suits a family, and what is downloaded to have it with its image encoder. */
interface UsualIpAdapter {
  /** As a request names it. */
  readonly id: string;
  /** As `easel models download` takes it. */
  readonly download: string;
}

/** The repository of the authors of IP-Adapter. */
export const IP_ADAPTERS = 'h94/IP-Adapter';

/** By the family, as `baseFamily` has it. The one for SDXL is read by the smaller image encoder of the authors. */
const USUAL: Readonly<Record<string, UsualIpAdapter>> = {
  'SD 1.x': { id: `${IP_ADAPTERS}/models/ip-adapter_sd15.safetensors`, download: IP_ADAPTERS },
  SDXL: sameFile(`${IP_ADAPTERS}/sdxl_models/ip-adapter_sdxl_vit-h.safetensors`),
};

function sameFile(id: string): UsualIpAdapter {
  return { id, download: id };
}

/** The IP-Adapter to download for a family of models; undefined where none is known. */
export function ipAdapterFor(family: string): UsualIpAdapter | undefined {
  return Object.hasOwn(USUAL, family) ? USUAL[family] : undefined;
}

/** The name of a file of an IP-Adapter, as all that are published have it. */
const FILE = /^ip[-_]adapter[^/\\]*\.(safetensors|bin)$/i;

/** Whether an IP-Adapter is of the kind that needs features of faces, which Easel does not compute, by its name. */
export function needsFaces(name: string): boolean {
  return /faceid/i.test(name);
}

/** Whether a file is an IP-Adapter that can be drawn with, by its name. */
export function isIpAdapterName(name: string): boolean {
  return FILE.test(name) && !needsFaces(name);
}

/** The family of an IP-Adapter by its path, such as `sdxl_models/ip-adapter_sdxl.bin`; empty where it does not tell. */
export function ipAdapterFamily(path: string): string {
  if (/sdxl/i.test(path)) return 'SDXL';
  return /sd-?1?5/i.test(path) ? 'SD 1.x' : '';
}

/** What is taught to draw from any image comes before what is for faces. */
const RANKS: readonly RegExp[] = [/face|portrait/i, /light/i, /vit-g/i, /plus/i];

/** Sorts IP-Adapters by their names: those that suit any image best come first. */
export function byGenerality(one: string, other: string): number {
  const rank = (id: string) => {
    const index = RANKS.findIndex((pattern) => pattern.test(lastName(id)));
    return index < 0 ? 0 : RANKS.length - index;
  };
  return rank(one) - rank(other);
}
