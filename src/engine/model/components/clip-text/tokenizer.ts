import type { ClipTokenizer } from '../../../../core/tokenizer/index';
import type { TokenizerKind } from '../../layouts/layout';
import { loadPublishedTokenizer } from './published-tokenizer';
import { loadTokenizer } from './tokenizer-files';

/** CLIP's tokenizer (byte-pair encoding). */
export const clipTokenizer: TokenizerKind<ClipTokenizer> = {
  classes: ['CLIPTokenizer', 'CLIPTokenizerFast'],
  read: loadTokenizer,
  published: (padding) => loadPublishedTokenizer(padding === '!' ? '!' : '<|endoftext|>'),
};
