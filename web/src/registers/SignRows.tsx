// Signatures that are given with an act: who signs, how, and what shows that it is them.
import { Flex, type FormInstance, Input, Select, Typography } from "antd";
import type { TFunction } from "i18next";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../api/client";
import { said } from "../app/language";
import type { Field, Signer } from "./definition";
import { LinkPicker } from "./fields/LinkPicker";

export type Sign = { person?: string; method: string; credential: string };

/** Whoever wrote nothing has not signed: what may be signed later waits in their inbox. */
export function signaturesOf(signs: Sign[]): Shapes["Signature"][] {
  return signs
    .filter((sign) => sign.credential !== "")
    .map(({ person, method, credential }) => ({ method, credential, ...(person ? { person } : {}) }));
}

type Place = { signer: Signer; person?: string; fixed: boolean };

function placesOf(signers: Signer[], values: Record<string, unknown>): Place[] {
  return signers.flatMap((signer): Place[] => {
    const named = [signer.who].flat().flatMap((who) => {
      const key = /^field:([a-z_0-9]+)$/.exec(who)?.[1];
      return key === undefined ? [] : [values[key]].flat().filter((one) => typeof one === "string");
    }) as string[];
    if (named.length > 0) {
      return named.map((person) => ({ signer, person, fixed: true }));
    }
    return Array.from({ length: signer.count ?? 1 }, () => ({ signer, fixed: false }));
  });
}

type Props = {
  signers: Signer[];
  fields: Field[];
  present: Record<string, unknown>;
  form: FormInstance;
  value?: Sign[];
  onChange?: (value: Sign[]) => void;
};

export function SignRows({ signers, fields, present, form, value = [], onChange }: Props) {
  const { t, i18n } = useTranslation();
  const places = placesOf(signers, { ...present, ...(form.getFieldValue("input") ?? {}) });
  const methods = (place: Place) =>
    (place.signer.method ?? ["counter"]).flatMap((one) => (one === "counter" ? ["password", "totp"] : [one]));
  const blank = (place: Place): Sign => ({
    method: methods(place).find((one) => one !== "inbox") ?? "password",
    credential: "",
    ...(place.person ? { person: place.person } : {}),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is known who signs
  useEffect(() => {
    if (value.length !== places.length) {
      onChange?.(places.map(blank));
    }
  }, [places.length]);
  const put = (at: number, sign: Sign) =>
    onChange?.(places.map((place, other) => (other === at ? sign : (value[other] ?? blank(place)))));
  return (
    <Flex vertical gap={10}>
      {places.map((place, at) => {
        const sign = value[at] ?? blank(place);
        const ways = methods(place).filter((one) => one !== "inbox");
        const later = methods(place).includes("inbox");
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place to sign has no name but its own number
          <Flex key={at} vertical gap={4}>
            <Typography.Text type="secondary">
              {whoText(place.signer, fields, i18n.language, t)}
            </Typography.Text>
            <Flex gap={8} wrap>
              {sign.method !== "slip" && (
                <div style={{ width: 200 }}>
                  <LinkPicker
                    register="person"
                    label={t("sign.who", { place: at + 1 })}
                    value={sign.person}
                    onChange={(person) => {
                      const { person: _, ...rest } = sign;
                      put(at, typeof person === "string" ? { ...rest, person } : rest);
                    }}
                  />
                </div>
              )}
              <Select
                aria-label={t("sign.how", { place: at + 1 })}
                style={{ width: 120 }}
                value={sign.method}
                options={ways.map((one) => ({ value: one, label: t(`sign.${one}`) }))}
                onChange={(method) => put(at, { ...sign, method })}
              />
              {sign.method === "password" || sign.method === "totp" ? (
                <Input.Password
                  aria-label={t("sign.credential", { place: at + 1 })}
                  placeholder={t(`sign.with_${sign.method}`)}
                  style={{ width: 200 }}
                  autoComplete="off"
                  visibilityToggle={false}
                  value={sign.credential}
                  onChange={(event) => put(at, { ...sign, credential: event.target.value })}
                />
              ) : (
                <Input
                  aria-label={t("sign.credential", { place: at + 1 })}
                  placeholder={t(`sign.with_${sign.method}`)}
                  style={{ width: 240 }}
                  value={sign.credential}
                  onChange={(event) => put(at, { ...sign, credential: event.target.value })}
                />
              )}
            </Flex>
            {later && <Typography.Text type="secondary">{t("sign.later")}</Typography.Text>}
          </Flex>
        );
      })}
    </Flex>
  );
}

function whoText(signer: Signer, fields: Field[], language: string, t: TFunction): string {
  const all = [signer.who].flat().map((who) => {
    const [kind, name = ""] = who.split(":");
    if (kind === "role") {
      return t(`role.${name}`, { defaultValue: name });
    }
    const field = fields.find((one) => one.key === name);
    return field ? said(field.name, language) : who;
  });
  return all.join(" / ");
}
