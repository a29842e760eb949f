/**
 * The name of a tensor that only upscalers of the ESRGAN family have, for errors about files that are given as
 * something else.
 */
export const UPSCALER_TENSOR =
  /^conv_first\.|\.rdb\d\.|^model\.\d+\.(sub\.|weight$)|^body\.\d+\.weight$/i;
