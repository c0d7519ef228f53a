/** Builds @rollcall/sdk as it is published into a folder, which is emptied first. */
export function packageSdk(folder: string): Promise<void>;
