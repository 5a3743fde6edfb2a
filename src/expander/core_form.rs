//! The names of the core forms: what the expander itself knows, and what the words inside of other forms (`else`, `...`)
//! are bound to.

macro_rules! core_forms {
    ($($variant:ident $name:literal,)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum CoreForm {
            $($variant,)*
        }

        impl CoreForm {
            pub const ALL: &'static [(&'static str, CoreForm)] = &[$(($name, CoreForm::$variant),)*];

            /// The name it is bound to where nobody has renamed it.
            pub fn name(self) -> &'static str {
                match self {
                    $(CoreForm::$variant => $name,)*
                }
            }
        }
    };
}

core_forms! {
    Quote "quote",
    Quasiquote "quasiquote",
    Unquote "unquote",
    UnquoteSplicing "unquote-splicing",
    Lambda "lambda",
    LambdaStar "lambda*",
    CaseLambda "case-lambda",
    CaseLambdaStar "case-lambda*",
    NamedLambda "named-lambda",
    If "if",
    Set "set!",
    Begin "begin",
    Define "define",
    DefineStar "define*",
    DefineValues "define-values",
    DefineRecordType "define-record-type",
    DefineSyntax "define-syntax",
    DefineSyntaxRule "define-syntax-rule",
    DefineSyntaxParameter "define-syntax-parameter",
    SyntaxParameterize "syntax-parameterize",
    WithEllipsis "with-ellipsis",
    LetSyntax "let-syntax",
    LetrecSyntax "letrec-syntax",
    // R7RS's, whose bodies are bodies: what they define is known in them only. Those above splice, as in R6RS and in Guile.
    LetSyntaxBody "%let-syntax",
    LetrecSyntaxBody "%letrec-syntax",
    SyntaxRules "syntax-rules",
    SyntaxError "syntax-error",
    SyntaxCase "syntax-case",
    Syntax "syntax",
    Quasisyntax "quasisyntax",
    Unsyntax "unsyntax",
    UnsyntaxSplicing "unsyntax-splicing",
    WithSyntax "with-syntax",
    IdentifierSyntax "identifier-syntax",
    Let "let",
    LetStar "let*",
    Letrec "letrec",
    LetrecStar "letrec*",
    LetValues "let-values",
    LetStarValues "let*-values",
    Receive "receive",
    And "and",
    Or "or",
    When "when",
    Unless "unless",
    Cond "cond",
    Case "case",
    Do "do",
    Delay "delay",
    DelayForce "delay-force",
    MakeLazy "lazy",
    Parameterize "parameterize",
    FluidLet "fluid-let",
    Guard "guard",
    Assert "assert",
    CondExpand "cond-expand",
    Include "include",
    IncludeCi "include-ci",
    IncludeFromPath "include-from-path",
    EvalWhen "eval-when",
    While "while",
    CurrentFilename "current-filename",
    CurrentSourceLocation "current-source-location",
    Import "import",
    DefineLibrary "define-library",
    DefineModule "define-module",
    UseModules "use-modules",
    Export "export",
    ReExport "re-export",
    DefinePublic "define-public",
    DefineStarPublic "define*-public",
    OtherModule "@",
    OtherModulePrivate "@@",
    Else "else",
    Arrow "=>",
    Ellipsis "...",
    Underscore "_",
}

impl CoreForm {
    pub fn from_name(name: &str) -> Option<CoreForm> {
        CoreForm::ALL.iter().find(|(known, _)| *known == name).map(|&(_, form)| form)
    }
}
