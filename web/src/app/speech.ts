// What is said in cells of tables, of which there are hundreds on a page. WHY not `useTranslation` there: each call of it
// listens and compares for itself, which on a full table is what one waits for.
import i18n, { type TFunction } from "i18next";
import { createContext, useContext, useMemo } from "react";
import { useTranslation } from "react-i18next";

export type Speech = { t: TFunction; language: string };

const Heard = createContext<Speech | undefined>(undefined);

export const SpeechProvider = Heard.Provider;

/** The one that listens, for all below it. */
export function useListening(): Speech {
  const { t, i18n: spoken } = useTranslation();
  const { language } = spoken;
  return useMemo(() => ({ t, language }), [t, language]);
}

/** The words of the language that is spoken. */
export function useSpeech(): Speech {
  return useContext(Heard) ?? { t: i18n.t, language: i18n.language };
}
