// What the colours and signs of the picture stand for; only those that are on it.
import { useTranslation } from "react-i18next";
import type { Shapes } from "../../api/client";
import { paintOf } from "./paint";

export function Legend({ custody, dark }: { custody: Shapes["Custody"]; dark: boolean }) {
  const { t } = useTranslation();
  const movements = custody.copies.flatMap((copy) => copy.movements);
  const stands = [...new Set(movements.map((movement) => movement.status))];
  const read = paintOf("out", dark);
  const held = paintOf("held", dark);
  return (
    <div className="legend">
      {stands.map((status) => {
        const paint = paintOf(status, dark);
        return (
          <span key={status}>
            <svg width={16} height={12} aria-hidden="true">
              {status === "destroyed" ? (
                <path d="M3 1 l10 10 m0 -10 l-10 10" stroke={paint.ink} strokeWidth={2} />
              ) : (
                <rect
                  x={0.5}
                  y={0.5}
                  width={15}
                  height={11}
                  rx={2}
                  fill={paint.paper}
                  stroke={paint.ink}
                  strokeDasharray={status === "missing" ? "3 2" : undefined}
                />
              )}
            </svg>
            {t(`custody.is_${status}`, { defaultValue: status })}
          </span>
        );
      })}
      {movements.some((movement) => movement.cause) && (
        <span>
          <svg width={12} height={12} aria-hidden="true">
            <path d="M6 1 l5 5 l-5 5 l-5 -5 z" fill={held.paper} stroke={held.ink} strokeWidth={1.5} />
          </svg>
          {t("lanes.receipt")}
        </span>
      )}
      {custody.known_by.length > 0 && (
        <span>
          <svg width={12} height={12} aria-hidden="true">
            <circle cx={6} cy={6} r={5} fill={read.ink} />
          </svg>
          {t("lanes.reader")}
        </span>
      )}
    </div>
  );
}
