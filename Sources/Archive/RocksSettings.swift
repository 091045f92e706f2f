import CRocksDB

/// The store's options as C objects, made once for a handle or a file writer and destroyed with it.
///
/// Owned by one `RocksHandle` or one `SortedFile`, neither of which hands it out.
@safe struct RocksSettings: ~Copyable {
    let options: OpaquePointer?
    private let filter: OpaquePointer?

    /// - Parameter erased: what the store is to leave out of what it writes.
    init(_ settings: ArchiveOptions, erased: ErasedList = ErasedList()) {
        unsafe options = rocksdb_options_create()
        unsafe filter = makeCompactionFilter(erased)
        unsafe rocksdb_options_set_compaction_filter(options, filter)
        unsafe rocksdb_options_set_merge_operator(options, makeAppendOperator(erased))
        setTable(settings)
        setMemory(settings)
        setCompaction(settings)
        setFiles(settings)
    }

    deinit {
        unsafe rocksdb_options_destroy(options)
        unsafe rocksdb_compactionfilter_destroy(filter)
    }

    private func setTable(_ settings: ArchiveOptions) {
        let table = unsafe rocksdb_block_based_options_create()
        unsafe rocksdb_block_based_options_set_block_size(table, 8 << 10)
        unsafe rocksdb_block_based_options_set_format_version(table, 5)
        // Looked up by subject only, so the filter holds one item per subject and not one per page.
        unsafe rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom_full(10))
        unsafe rocksdb_block_based_options_set_whole_key_filtering(table, 0)
        let cache = unsafe rocksdb_cache_create_lru(settings.cacheBytes)
        unsafe rocksdb_block_based_options_set_block_cache(table, cache)
        unsafe rocksdb_options_set_block_based_table_factory(options, table)
        unsafe rocksdb_block_based_options_destroy(table)
        unsafe rocksdb_cache_destroy(cache)  // the table holds it now
        unsafe rocksdb_options_set_prefix_extractor(
            options, rocksdb_slicetransform_create_fixed_prefix(KeySpace.prefixLength))
        unsafe rocksdb_options_set_compression(options, Int32(rocksdb_lz4_compression))
    }

    private func setMemory(_ settings: ArchiveOptions) {
        unsafe rocksdb_options_set_write_buffer_size(options, settings.memtableBytes)
        unsafe rocksdb_options_set_max_write_buffer_number(options, 3)
        unsafe rocksdb_options_set_max_total_wal_size(options, 128 << 20)
        // A torn last record was never acknowledged and is dropped; damage before it is refused, never skipped.
        unsafe rocksdb_options_set_wal_recovery_mode(
            options, Int32(rocksdb_tolerate_corrupted_tail_records_recovery))
        unsafe rocksdb_options_set_paranoid_checks(options, 1)
    }

    /// Levels of the store; those above the first hold one sorted run each.
    static let levels = 7

    /// Sorted runs of like size are merged together (RocksDB calls it universal): a record is rewritten about three times
    /// on its way to the last run, where levels of growing size would take seven. Figures are in the benchmarks.
    private func setCompaction(_ settings: ArchiveOptions) {
        unsafe rocksdb_options_set_num_levels(options, Int32(Self.levels))
        unsafe rocksdb_options_set_compaction_style(options, Int32(rocksdb_universal_compaction))
        let universal = unsafe rocksdb_universal_compaction_options_create()
        unsafe rocksdb_universal_compaction_options_set_size_ratio(universal, 10)
        unsafe rocksdb_universal_compaction_options_set_min_merge_width(universal, 2)
        // Everything is merged into one run when what came later is twice the oldest run.
        unsafe rocksdb_universal_compaction_options_set_max_size_amplification_percent(universal, 200)
        unsafe rocksdb_options_set_universal_compaction_options(options, universal)
        unsafe rocksdb_universal_compaction_options_destroy(universal)  // copied into the options
        unsafe rocksdb_options_set_level0_file_num_compaction_trigger(options, Int32(settings.runsBeforeMerge))
        // Beyond what intake allows itself (`ArchiveBacklog`): single writes are never slowed before.
        unsafe rocksdb_options_set_level0_slowdown_writes_trigger(options, Int32(ArchiveBacklog.limit * 2))
        unsafe rocksdb_options_set_level0_stop_writes_trigger(options, Int32(ArchiveBacklog.limit * 3))
        unsafe rocksdb_options_set_target_file_size_base(options, 64 << 20)
        unsafe rocksdb_options_set_max_background_jobs(options, Int32(settings.backgroundJobs))
        unsafe rocksdb_options_set_max_subcompactions(options, 2)
        unsafe rocksdb_options_set_disable_auto_compactions(options, settings.compactsByItself ? 0 : 1)
    }

    private func setFiles(_ settings: ArchiveOptions) {
        unsafe rocksdb_options_set_create_if_missing(options, settings.createIfMissing && !settings.readOnly ? 1 : 0)
        unsafe rocksdb_options_set_bytes_per_sync(options, 1 << 20)
        unsafe rocksdb_options_set_keep_log_file_num(options, 4)
        unsafe rocksdb_options_set_max_log_file_size(options, 4 << 20)
        unsafe rocksdb_options_set_stats_dump_period_sec(options, 0)
        unsafe rocksdb_options_set_max_manifest_file_size(options, 64 << 20)
    }
}
