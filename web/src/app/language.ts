// Which language the page speaks: the user's choice, kept in this browser; else the browser's. Only the catalogue that is
// spoken is loaded.
import type { Locale } from "antd/es/locale";
import dayjs from "dayjs";
import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import type { Text } from "../api/client";
import "dayjs/locale/zh-cn";

export type Language = "zh-CN" | "en";

const KEPT = "ruping.language";

function first(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh-CN" || kept === "en") {
    return kept;
  }
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** What pickers, empty lists and the like say by themselves. */
const frames = new Map<string, Locale>();

export function frameOf(language: string): Locale | undefined {
  return frames.get(language);
}

async function catalogue(language: Language) {
  const english = language === "en";
  const [words, frame] = await Promise.all([
    english ? import("../locales/en/web.json") : import("../locales/zh-CN/web.json"),
    english ? import("antd/locale/en_US") : import("antd/locale/zh_CN"),
  ]);
  frames.set(language, frame.default);
  return words.default;
}

/** Before anything is shown: the page has its words. */
export async function learnToSpeak() {
  const lng = first();
  await i18n.use(initReactI18next).init({
    lng,
    fallbackLng: false,
    resources: { [lng]: { translation: await catalogue(lng) } },
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
  });
  dress(lng);
}

function dress(language: string) {
  document.documentElement.lang = language;
  dayjs.locale(language === "zh-CN" ? "zh-cn" : "en");
}

i18n.on("languageChanged", dress);

export async function speak(language: Language) {
  if (!i18n.hasResourceBundle(language, "translation")) {
    i18n.addResourceBundle(language, "translation", await catalogue(language));
  }
  localStorage.setItem(KEPT, language);
  await i18n.changeLanguage(language);
}

/** A text of the server's in the language of the page. */
export function said(text: Text | undefined | null, language: string): string {
  if (!text) {
    return "";
  }
  return language === "zh-CN" ? text.zh : text.en;
}
