import { CATALOGUE } from '../../core/catalogue/catalogue';
import type { HostServices } from '../services';
import { downloadModels } from './download-model';

/**
 * Downloads the refiner of Stable Diffusion XL, after a question.
 * @returns its id; undefined where the user does not want it
 * @throws EaselError of the download
 */
export async function getRefiner(services: HostServices): Promise<string | undefined> {
  const refiner = CATALOGUE.find(({ kind }) => kind === 'refiner');
  if (!refiner || !(await downloadModels(services, [refiner.id]))) return undefined;
  return refiner.id;
}
