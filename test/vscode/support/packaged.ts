import { packageExtension, thisTarget } from '../../../scripts/package/extension';
import { tempFolder } from '../../support/temp-folder';

let packaged: Promise<string> | undefined;

/** The packaged extension of this platform, made once a run. EASEL_VSIX names one that was made before. */
export function vsix(): Promise<string> {
  packaged ??= process.env.EASEL_VSIX
    ? Promise.resolve(process.env.EASEL_VSIX)
    : packageExtension(thisTarget, tempFolder());
  return packaged;
}
