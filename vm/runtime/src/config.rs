//! Limits of one VM. Part of the protocol: two validators with different
//! limits may disagree.

/// Limits and switches. All sizes in bytes unless the name says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VmConfig {
    /// Heap that one execution may have allocated at a time.
    pub heap_bytes_max: u32,
    /// Frames that may be open at once.
    pub call_depth_max: u32,
    /// Nesting of a type, generic arguments and fields both.
    pub type_depth_max: u32,
    /// Nodes of a type, its arguments included.
    pub type_nodes_max: u32,
    /// Fields of a type, of its fields, and so on, written out: what sharing
    /// keeps small in memory is still long to compare or to show.
    pub layout_nodes_max: u32,
    /// Instructions of one function and nodes of all types that it names, each
    /// with the types of its fields written out in full.
    pub function_load_max: u32,
    /// Size of one value outside vectors.
    pub value_bytes_max: u32,
    /// Whether modules are verified when they are loaded. Off only in
    /// tests that feed the interpreter what the verifier refuses.
    pub verify_on_load: bool,
    /// Whether modules compiled in test mode, and larger ones than may be
    /// published, load too. For unit tests.
    pub accept_test_modules: bool,
    /// Whether [`Vm::verify_package`](crate::Vm::verify_package) checks the
    /// rules of the object model. Off for packages of the system, which
    /// implement that model.
    pub object_rules: bool,
    /// Executable function instances kept for one linkage context.
    pub instances_per_context_max: u32,
    /// Linkage contexts kept; beyond that the cache starts anew.
    pub contexts_max: usize,
    /// When functions get native code. Not part of the protocol: results,
    /// errors and gas are the same with and without.
    pub native_code: NativeCode,
}

/// When a function is compiled to native code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NativeCode {
    /// Never: everything is interpreted.
    #[default]
    Off,
    /// Once it was called this often, a call of a function with a loop counting
    /// 32 times. Compilation happens on a thread of its own, except with 0:
    /// then it happens at the first call, before that call goes on.
    After(u32),
}

impl NativeCode {
    /// When the tier is worth its compilations, as measured
    /// (`docs/measurements.md`).
    pub const ON: Self = Self::After(1000);

    /// Native code from the first call on, for tests.
    pub const ALWAYS: Self = Self::After(0);

    /// Whether this build can make native code: it has the feature
    /// `native-code`, and the processor is one that the tier supports.
    pub fn is_available() -> bool {
        #[cfg(feature = "native-code")]
        return crate::native_code::is_available();
        #[cfg(not(feature = "native-code"))]
        false
    }

    /// Calls after which a function is compiled.
    #[cfg(feature = "native-code")]
    pub(crate) fn threshold(self) -> Option<u32> {
        match self {
            Self::Off => None,
            Self::After(calls) => Some(calls),
        }
    }
}

impl Default for VmConfig {
    fn default() -> Self {
        Self {
            heap_bytes_max: 48 << 20,
            call_depth_max: 1024,
            type_depth_max: 64,
            type_nodes_max: 512,
            layout_nodes_max: 1 << 16,
            function_load_max: 1 << 22,
            value_bytes_max: 64 << 10,
            verify_on_load: true,
            accept_test_modules: false,
            object_rules: true,
            instances_per_context_max: 1 << 14,
            contexts_max: 4096,
            native_code: NativeCode::Off,
        }
    }
}
