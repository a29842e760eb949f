import type { TensorRef } from '../../../weights/source';

type Tensors = ReadonlyMap<string, TensorRef>;

/** Whether the tensors are those of an RRDBNet, by any of its names (spandrel, architectures/ESRGAN). */
export function isRrdbNet(tensors: Tensors): boolean {
  const has = (...names: string[]) => names.every((name) => tensors.has(name));
  return (
    has('model.0.weight', 'model.1.sub.0.RDB1.conv1.0.weight') ||
    has('conv_first.weight', 'body.0.rdb1.conv1.weight', 'conv_body.weight', 'conv_last.weight') ||
    has('conv_first.weight', 'RRDB_trunk.0.RDB1.conv1.weight', 'trunk_conv.weight', 'conv_last.weight') // prettier-ignore
  );
}

/**
 * The tensors of an RRDBNet by the names of `RrdbConfig`: those of BSRGAN and of the first ESRGAN, whose members of a
 * Sequential are numbered, become them.
 */
export function rrdbTensors(tensors: Tensors): Tensors {
  const last = Math.max(...[...tensors.keys()].map((name) => Number(/^model\.(\d+)\./.exec(name)?.[1] ?? -1))); // prettier-ignore
  const entries = [...tensors].flatMap(([name, tensor]) => {
    const known = rrdbName(name, last);
    return known === undefined ? [] : [[known, { ...tensor, name: known }] as const];
  });
  return new Map(entries);
}

/** @param last the number of the last layer, where layers are numbered */
function rrdbName(name: string, last: number): string | undefined {
  const dense =
    /^(?:model\.1\.sub|RRDB_trunk|body)\.(\d+)\.(?:RDB|rdb)(\d)\.(conv\d|conv1x1)(?:\.0)?\.(weight|bias)$/.exec(name); // prettier-ignore
  if (dense) return `body.${dense[1]!}.rdb${dense[2]!}.${dense[3]!}.${dense[4]!}`;
  const body = /^(?:model\.1\.sub\.\d+|trunk_conv|conv_body)\.(weight|bias)$/.exec(name);
  if (body) return `conv_body.${body[1]!}`;
  const numbered = /^model\.(\d+)\.(weight|bias)$/.exec(name);
  if (numbered) return `${layerName(Number(numbered[1]), last)}.${numbered[2]!}`;
  const layer = /^(conv_first|conv_last|(?:upconv|conv_up)\d|HRconv|conv_hr)\.(weight|bias)$/.exec(name); // prettier-ignore
  if (!layer) return undefined;
  return `${layer[1]!.replace('upconv', 'conv_up').replace('HRconv', 'conv_hr')}.${layer[2]!}`;
}

/** Every doubling has three members: it, a convolution and an activation. */
function layerName(index: number, last: number): string {
  if (index === 0) return 'conv_first';
  if (index === last) return 'conv_last';
  return index === last - 2 ? 'conv_hr' : `conv_up${index / 3}`;
}
