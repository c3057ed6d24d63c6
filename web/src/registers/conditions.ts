// The conditions of a list as they stand in its address: `field:value`, `field>=value`, `field<=value`, joined by commas.
export type Condition = { key: string; sign: string; value: string; written: string };

const SIGNS = [">=", "<=", ":"];

export function conditionsOf(filter: string | undefined): Condition[] {
  const parts = (filter ?? "").split(",").map((part) => part.trim());
  return parts.filter(Boolean).map((written) => {
    const sign = SIGNS.find((one) => written.includes(one)) ?? ":";
    const at = written.indexOf(sign);
    const key = at < 0 ? written : written.slice(0, at);
    return { key, sign, value: at < 0 ? "" : written.slice(at + sign.length), written };
  });
}
