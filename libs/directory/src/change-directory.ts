import { providerName } from '@rollcall/contract';

/** What an owner sets of a directory. */
export interface DirectorySettings {
  name: string;
  directoryProvider: string;
  strict: boolean;
}

/** What changes; an absent key stays, null sets the default. */
export interface SettingsPatch {
  name?: string | null;
  directoryProvider?: string;
  strict?: boolean | null;
}

/** The settings after a patch. A directory without a name of its own has that of its provider. */
export function changeDirectory(current: DirectorySettings, patch: SettingsPatch): DirectorySettings {
  const directoryProvider = patch.directoryProvider ?? current.directoryProvider;
  return {
    name: patch.name === null ? providerName(directoryProvider) : (patch.name ?? current.name),
    directoryProvider,
    strict: patch.strict === null ? false : (patch.strict ?? current.strict),
  };
}
