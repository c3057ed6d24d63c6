// What came of the last scan, in words, for eyes and for screen readers alike.
import { theme } from "antd";
import type { ReactNode } from "react";

export type Word = { good: boolean; text: string };

type Props = {
  word: Word | undefined;
  /** Whether it lies above what else is there. */
  raised?: boolean;
  children?: ReactNode;
};

/** The region is always there: what is put into it later is read out, what comes with it is not. */
export function Said({ word, raised = false, children }: Props) {
  const { token } = theme.useToken();
  const ink = word?.good ? token.colorSuccess : token.colorError;
  const paper = { background: token.colorBgElevated, boxShadow: token.boxShadowSecondary };
  return (
    <div className={raised && word ? "scan-said shown" : "scan-said"} style={raised && word ? paper : {}}>
      <span role="status" style={word ? { color: ink } : {}}>
        {word && (
          <>
            <span aria-hidden="true">{word.good ? "✓ " : "✗ "}</span>
            <bdi>{word.text}</bdi>
          </>
        )}
      </span>
      {children}
    </div>
  );
}
