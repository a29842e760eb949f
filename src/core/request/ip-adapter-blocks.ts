/** Where in a UNet an IP-Adapter works: everywhere, or where SDXL has the style or the layout of an image (InstantStyle). */
export const IP_ADAPTER_BLOCKS = ['all', 'style', 'layout', 'style+layout'] as const;
export type IpAdapterBlocks = (typeof IP_ADAPTER_BLOCKS)[number];
