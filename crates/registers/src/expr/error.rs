//! What can be wrong with an expression, when it is compiled and when it is evaluated.

use serde_json::Value;

/// An expression that does not compile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ExprError {
    /// Where in the source, in characters from 0.
    pub offset: usize,
    /// What is wrong.
    pub kind: ExprErrorKind,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExprErrorKind {
    /// Nothing in it.
    #[error("the expression is empty")]
    Empty,
    /// Too many characters.
    #[error("the expression is longer than {max} characters")]
    TooLong {
        /// The limit.
        max: usize,
    },
    /// Too deep.
    #[error("the expression nests deeper than {max} levels")]
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// List walks inside list walks inside list walks.
    #[error("the expression walks lists inside lists more than {max} times")]
    TooManyWalks {
        /// The limit.
        max: usize,
    },
    /// Not CEL.
    #[error("the expression is not well formed: {detail}")]
    Syntax {
        /// What the parser said.
        detail: String,
    },
    /// Part of CEL that is not used here.
    #[error("{construct} is not part of this language")]
    Unsupported {
        /// Which construct.
        construct: &'static str,
    },
    /// A function that does not exist.
    #[error("there is no function `{name}`")]
    UnknownFunction {
        /// What was called.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A function called with too few or too many arguments.
    #[error("`{name}` takes {wanted} arguments, not {given}")]
    Arguments {
        /// The function.
        name: &'static str,
        /// How many it takes, e.g. `2` or `1 to 2`.
        wanted: String,
        /// How many it got.
        given: usize,
    },
    /// A name that cannot be one: it belongs to the language.
    #[error("`{name}` cannot name an entry here")]
    BadName {
        /// The name.
        name: String,
    },
}

/// An expression that could not be evaluated on the facts given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct EvalError {
    /// Where in the source, in characters from 0.
    pub offset: usize,
    /// What happened.
    pub kind: EvalErrorKind,
}

/// What happened during evaluation. Messages name kinds of values, never the values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalErrorKind {
    /// A value of another kind than the operator or function takes.
    #[error("{wanted} is wanted here, not {given}")]
    Wanted {
        /// What is wanted.
        wanted: &'static str,
        /// What there is.
        given: &'static str,
    },
    /// Two values that cannot be ordered or combined.
    #[error("`{operator}` does not go between {left} and {right}")]
    Operands {
        /// The operator.
        operator: &'static str,
        /// Kind of the left value.
        left: &'static str,
        /// Kind of the right value.
        right: &'static str,
    },
    /// A number left the range of 64 bits, or a date the calendar.
    #[error("the result of `{operator}` is out of range")]
    OutOfRange {
        /// The operator or function.
        operator: &'static str,
    },
    /// Division by zero.
    #[error("division by zero")]
    ZeroDivision,
    /// A text that is not what the function reads.
    #[error("`{function}` cannot read this as {wanted}")]
    Unreadable {
        /// The function.
        function: &'static str,
        /// What it reads.
        wanted: &'static str,
    },
    /// A parameter no regime sets.
    #[error("no regime in force sets the parameter `{key}`")]
    Parameter {
        /// The key asked for.
        key: String,
    },
    /// Facts that the caller must supply and did not.
    #[error("the facts for `{function}` were not supplied")]
    NotSupplied {
        /// The function.
        function: &'static str,
    },
    /// A list longer than evaluation walks.
    #[error("a list has more than {max} entries")]
    ListTooLong {
        /// The limit.
        max: usize,
    },
    /// A text longer than evaluation builds.
    #[error("a text grew beyond {max} bytes")]
    TextTooLong {
        /// The limit.
        max: usize,
    },
    /// The budget of steps is spent.
    #[error("the evaluation took more than {max} steps")]
    TooManySteps {
        /// The limit.
        max: usize,
    },
}

impl EvalError {
    pub(crate) const fn at(offset: usize, kind: EvalErrorKind) -> Self {
        Self { offset, kind }
    }

    pub(crate) fn wanted(offset: usize, wanted: &'static str, given: &Value) -> Self {
        Self::at(
            offset,
            EvalErrorKind::Wanted {
                wanted,
                given: super::value::kind_of(given),
            },
        )
    }
}
