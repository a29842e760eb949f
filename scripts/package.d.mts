export function packageExtension(target: string, output?: string): Promise<string>;
export const thisTarget: string;
