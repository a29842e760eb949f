import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Where the folder `models` may lie: beside the folder of the bundles, in the checkout as in the package;
 * or, when this source file runs by itself, at the top of the checkout.
 */
const ROOTS = [path.join(__dirname, '..'), path.join(__dirname, '..', '..', '..')];

/** The folder of the starter model: EASEL_STARTER_MODEL, else the one that comes with Easel. */
export function starterFolder(): string {
  return process.env.EASEL_STARTER_MODEL ?? packagedFolder('starter');
}

/** A folder of `models` that comes with Easel; it may be missing from a checkout. */
export function packagedFolder(name: 'starter' | 'clip-vocabulary'): string {
  const places = ROOTS.map((root) => path.join(root, 'models', name));
  return places.find((place) => existsSync(place)) ?? path.join(ROOTS[0] ?? '', 'models', name);
}
