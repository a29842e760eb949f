export const node: string;
export const server: string;
export const serverMain: string;
export function findChromium(): string | undefined;
export function installVsCode(): void;
