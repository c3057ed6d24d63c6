// One place that says why something was not done: what, where, what to do, and how to find it in the log.
import { Alert, Button, Flex, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { type Problem, Refused } from "../api/client";
import { said } from "../app/language";

export function problemOf(error: unknown): Problem | undefined {
  return error instanceof Refused ? error.problem : undefined;
}

export function ProblemNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t, i18n } = useTranslation();
  const problem = problemOf(error);
  const own = problem?.code.startsWith("web.") ? t(`problem.${problem.code.slice(4)}`) : "";
  const text =
    own || (problem && (said(problem.say, i18n.language) || problem.detail)) || t("problem.unknown");
  const rules = problem?.rules ?? [];
  return (
    <Alert
      type="error"
      role="alert"
      showIcon
      title={<span className="pre">{text}</span>}
      description={
        <>
          {rules.length > 0 && (
            <ul className="plain-list">
              {rules.map((rule) => (
                <li key={rule.id}>
                  <Typography.Text strong>{rule.id}</Typography.Text> {said(rule.say, i18n.language)}{" "}
                  <Typography.Text type="secondary">{rule.clause}</Typography.Text>
                </li>
              ))}
            </ul>
          )}
          {problem?.hint && i18n.language === "en" && <div>{problem.hint}</div>}
          <Flex gap={12} align="center" wrap>
            {problem && (
              <Typography.Text
                type="secondary"
                copyable={problem.request_id ? { text: problem.request_id } : false}
              >
                {problem.code}
              </Typography.Text>
            )}
            {retry && (
              <Button size="small" onClick={retry}>
                {t("act.retry")}
              </Button>
            )}
          </Flex>
        </>
      }
    />
  );
}
